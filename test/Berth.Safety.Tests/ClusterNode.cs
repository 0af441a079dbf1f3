using System.Globalization;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>One server of a cluster, always at the same port.</summary>
public sealed class ClusterNode(string folder, int port, Func<IReadOnlyList<(string Name, string Value)>> settings) : IAsyncDisposable
{
    private ServerProcess? _server;

    public string Address { get; } = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    public ServerProcess Server => _server ?? throw new InvalidOperationException("not started");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        _server = ServerProcess.LaunchIn(folder, [], [("REGISTRY_HTTP_ADDR", Address), .. settings()]);
        await _server.WaitUntilListeningAsync(cancellationToken);
    }

    /// <summary>Lets it finish what it is at, and starts another one.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        Assert.True(await Server.StopAsync(cancellationToken) == 0, $"it did not stop in order:\n{Server.Log}");
        await StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
