using System.Globalization;

namespace Berth.Testing;

/// <summary>A Redis of its own on a free port of the loopback interface. It keeps nothing on the disk: a restart forgets everything.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _settings;
    private Daemon? _daemon;

    private RedisServer(string[] settings) => _settings = settings;

    public int Port { get; } = LoopbackPort.FindFree();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <param name="settings">What <c>redis-server</c> is told besides; <c>{port}</c> stands for its port.</param>
    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken, params string[] settings)
    {
        Require.Tool("redis-server");
        var server = new RedisServer(settings);
        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        string[] address = _settings.Length == 0 ? ["--port", port] : [];
        _daemon = new Daemon(
            "redis-server",
            [.. address, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. _settings.Select(text => text.Replace("{port}", port, StringComparison.Ordinal))],
            new Dictionary<string, string>(StringComparer.Ordinal),
            _folder.FullPath);
        await _daemon.WaitUntilAsync(_ => Task.FromResult(_daemon.FindLine("Ready to accept connections") is not null), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _daemon!.StopAsync(cancellationToken);

    /// <summary>Lets it stand still, with its connections open.</summary>
    public void Pause() => _daemon!.Pause();

    public void Resume() => _daemon!.Resume();

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _folder.Dispose();
    }
}
