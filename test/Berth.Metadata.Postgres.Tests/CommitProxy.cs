using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Berth.Metadata.Postgres.Tests;

/// <summary>Stands between the store and the server, and cuts a connection at its next COMMIT.</summary>
internal sealed class CommitProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<TcpClient, Func<Task>> _swallowing = new();
    private readonly int _server;
    private readonly Task _accepting;
    private Func<Task>? _afterCommit;
    private bool _cutsBefore;
    private int _cuts;

    public CommitProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections it has cut.</summary>
    public int Cuts => _cuts;

    /// <summary>The server does not get the next COMMIT.</summary>
    public void CutBefore() => (_cutsBefore, _afterCommit) = (true, null);

    /// <summary>The server carries the next COMMIT out, and its answer does not arrive.</summary>
    public void CutAfter(Func<Task>? andThen = null) => (_cutsBefore, _afterCommit) = (false, andThen ?? (() => Task.CompletedTask));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
                await Task.WhenAny(SendAsync(client, server), AnswerAsync(server, client));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                return; // whatever ends one side ends the other
            }
        }
    }

    private async Task SendAsync(TcpClient client, TcpClient server)
    {
        var buffer = new byte[64 * 1024];
        while (await client.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            var isCommit = buffer.AsSpan(0, count).IndexOf("COMMIT\0"u8) >= 0;
            if (isCommit && _cutsBefore)
            {
                _cutsBefore = false;
                Interlocked.Increment(ref _cuts);
                return;
            }

            if (isCommit && Interlocked.Exchange(ref _afterCommit, null) is { } andThen)
            {
                _swallowing.TryAdd(server, andThen);
            }

            await server.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }

    private async Task AnswerAsync(TcpClient server, TcpClient client)
    {
        var buffer = new byte[64 * 1024];
        while (await server.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            if (_swallowing.TryRemove(server, out var andThen))
            {
                Interlocked.Increment(ref _cuts);
                await andThen();
                return;
            }

            await client.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }
}
