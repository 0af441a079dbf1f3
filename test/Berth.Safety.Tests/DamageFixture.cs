using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>A sound data folder that a server has left, to be copied and damaged.</summary>
public sealed class DamageFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public Stock Stock { get; } = FixedScenario.StockOf(0);

    public Image Image => Stock.Images[1];

    public async ValueTask InitializeAsync()
    {
        await using var victim = new Victim(_folder["sound"], Stock);
        await victim.StartAsync(TestContext.Current.CancellationToken);
        await FixedScenario.RunAsync(victim.Clients, Stock, TestContext.Current.CancellationToken);
        await victim.Clients.SettleAsync(TestContext.Current.CancellationToken);
        await victim.StopAsync(TestContext.Current.CancellationToken);
    }

    public async Task<string> CopyAsync(CancellationToken cancellationToken)
    {
        var copy = Path.Combine(Directory.CreateDirectory(_folder[Guid.CreateVersion7().ToString()]).FullName, "data");
        var (exitCode, output) = await Command.RunAsync("cp", ["-a", _folder["sound"], copy], cancellationToken);
        Assert.True(exitCode == 0, output);
        return copy;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
