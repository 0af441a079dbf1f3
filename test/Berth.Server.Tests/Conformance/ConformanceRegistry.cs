using Berth.Server.Hosting;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance;

/// <summary>A registry as it is without a configuration file, for all tests of a class: the suite, too, runs against one.</summary>
public class ConformanceRegistry : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    public HttpClient Client => _registry.Client;

    public int Port => _registry.Port;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync(Configure);

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual BerthOptions Configure(BerthOptions options) => options;
}
