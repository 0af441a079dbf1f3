using System.Collections.Concurrent;
using Berth.Safety.Tests.History;
using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>A data folder with a server on it that comes to harm, again and again, and what clients know about it.</summary>
/// <param name="settings">Where its server keeps what it has, if not in the folder.</param>
public sealed class Victim(string dataFolder, Stock stock, IReadOnlyList<(string Name, string Value)>? settings = null) : IAsyncDisposable
{
    /// <summary>With one thread for all requests, the calls that a request makes are always the same ones.</summary>
    private static readonly (string Name, string Value)[] OneWorker =
        [("DOTNET_ThreadPool_ForceMinWorkerThreads", "1"), ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1")];

    private static readonly (string Name, string Value)[] Quiet = [("REGISTRY_LOG_LEVEL", "warn"), ("DOTNET_TieredPGO", "0")];

    private readonly ConcurrentBag<Upload> _sessions = [];
    private ServerProcess? _server;
    private Clients? _clients;

    public string DataFolder => dataFolder;

    public IReadOnlyList<(string Name, string Value)> Settings { get; } = settings ?? ServerProcess.Settings(dataFolder);

    /// <summary>What is pushed, and judged. To go on with another one, settle first.</summary>
    public Stock Stock { get; private set; } = stock;

    public CallLog Log { get; } = new();

    public bool HasOneWorker { get; init; }

    public ServerProcess Server => _server ?? throw new InvalidOperationException("not started");

    public Clients Clients => _clients ?? throw new InvalidOperationException("not started");

    /// <summary>Starts a server on the folder. The one before must have ended.</summary>
    /// <returns>False when it ended before it listened.</returns>
    public async Task<bool> TryStartAsync(CancellationToken cancellationToken, params string[] launcher)
    {
        await CloseAsync();
        _server = ServerProcess.LaunchIn(
            Path.GetDirectoryName(dataFolder)!, launcher, [.. Settings, .. Quiet, .. HasOneWorker ? OneWorker : []]);
        var listens = await _server.TryListenAsync(cancellationToken);
        _clients = listens ? new Clients(_server.Address, Log, Stock, _sessions) : null;
        return listens;
    }

    /// <summary>Goes on with other things, while the server knows what it knows.</summary>
    public void Change(Stock next)
    {
        Clients.Dispose();
        Stock = next;
        _clients = new Clients(Server.Address, Log, Stock, _sessions);
    }

    public async Task StartAsync(CancellationToken cancellationToken) =>
        Assert.True(await TryStartAsync(cancellationToken), $"it did not start:\n{Server.Log}");

    /// <summary>As an init system does; it must end as asked.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        Assert.True(await Server.StopAsync(cancellationToken) == 0, $"it did not stop in order:\n{Server.Log}");

    public ValueTask DisposeAsync() => CloseAsync();

    private async ValueTask CloseAsync()
    {
        _clients?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
