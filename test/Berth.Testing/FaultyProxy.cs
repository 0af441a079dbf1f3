using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Berth.Testing;

/// <summary>
/// Stands between a client and a server of HTTP/1.1, passes every byte on as it is, signatures and Host included, and breaks what a test tells it to.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<HttpMessage> _requests = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Uri _server;
    private readonly Task _accepting;
    private Func<HttpMessage, ProxyFault?> _faults = _ => null;

    public FaultyProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Each request so far, without its body.</summary>
    public IReadOnlyList<HttpMessage> Requests => [.. _requests];

    /// <summary>Breaks the first so many requests that match, and heals then.</summary>
    public void Break(Func<HttpMessage, bool> matches, ProxyFault fault, int times = 1) =>
        _faults = request => matches(request) && Interlocked.Decrement(ref times) >= 0 ? fault : null;

    public void Heal() => _faults = _ => null;

    public void ForgetRequests() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _connections[ServeAsync(client)] = true;
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(_server.Host, _server.Port, _end.Token);
                await using var down = client.GetStream();
                await using var buffered = new BufferedStream(down);
                await using var up = server.GetStream();
                await using var bufferedUp = new BufferedStream(up);
                while (await ExchangeAsync(down, buffered, up, bufferedUp))
                {
                }
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // either side went away, which is what this proxy is for
            }
        }
    }

    /// <returns>False when the connection is to be cut.</returns>
    private async Task<bool> ExchangeAsync(Stream down, Stream readDown, Stream up, Stream readUp)
    {
        var request = await HttpMessage.ReadAsync(readDown, hasBody: true, ContinueAsync, _end.Token);
        if (request is null)
        {
            return false;
        }

        _requests.Enqueue(request with { Body = [] });
        var fault = _faults(request);
        if (fault?.Instead is { } instead)
        {
            await instead.WriteAsync(down, _end.Token);
            return true;
        }

        if (fault?.Cut == ProxyCut.BeforeTheRequest)
        {
            return false;
        }

        await request.Without("Expect").WriteAsync(up, _end.Token);
        var answer = await HttpMessage.ReadAsync(readUp, request.Method != "HEAD", _ => Task.CompletedTask, _end.Token)
            ?? throw new IOException("the server ended the connection");
        if (fault?.InsteadOfTheAnswer is { } other)
        {
            await other.WriteAsync(down, _end.Token);
            return true;
        }

        switch (fault?.Cut)
        {
            case ProxyCut.BeforeTheAnswer:
                return false;
            case ProxyCut.InTheAnswer:
                await (answer with { Body = answer.Body[..(answer.Body.Length / 2)] }).WriteAsync(down, _end.Token);
                return false;
            case ProxyCut.SilentInsteadOfTheAnswer:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token);
                return false;
            case ProxyCut.SilentInTheAnswer:
                await (answer with { Body = answer.Body[..(answer.Body.Length / 2)] }).WriteAsync(down, _end.Token);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token);
                return false;
            default:
                await answer.WriteAsync(down, _end.Token);
                return true;
        }

        async Task ContinueAsync(HttpMessage head)
        {
            if (head.Find("Expect") is not null)
            {
                await down.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _end.Token);
            }
        }
    }
}
