using Berth.Testing;

namespace Berth.Interop.Tests;

/// <summary>The registry under test, and a way to ask it directly.</summary>
public sealed class RegistryProcess : IAsyncDisposable
{
    private readonly ServerProcess _server;

    private RegistryProcess(ServerProcess server) => (_server, Http) = (server, new RegistryClient(server.Address));

    /// <summary>What clients type before the name of a repository.</summary>
    public string Address => _server.Address;

    public RegistryClient Http { get; }

    public string Log => _server.Log;

    /// <summary>Starts a registry; it answers when this returns.</summary>
    public static async Task<RegistryProcess> StartAsync(Workspace workspace, string name, CancellationToken cancellationToken) =>
        new(await ServerProcess.StartAsync(workspace.Folder(name), cancellationToken));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        var code = await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        Assert.True(code == 0, $"the registry ended with {code}:\n{Log}");
    }
}
