using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Server.Tests.Conformance.Clients;

/// <summary>One connection, on which requests go out byte for byte as a client writes them, and answers are read one at a time.</summary>
internal sealed class RawConnection : IDisposable
{
    /// <summary>After this long a server that should answer is taken to be silent.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private BufferedStream _stream = null!;

    private RawConnection() => _limit.CancelAfter(TimeLimit);

    private CancellationToken Cancel => _limit.Token;

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port, connection.Cancel);
        connection._stream = new BufferedStream(new NetworkStream(connection._socket));
        return connection;
    }

    /// <summary>Sends a request on a connection of its own and reads its answer.</summary>
    public static async Task<RawAnswer> AskAsync(int port, string request, byte[]? body = null)
    {
        using var connection = await OpenAsync(port);
        await connection.SendAsync(request, body);
        return await connection.ReadAsync(isHead: request.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    public async Task SendAsync(string text, byte[]? body = null)
    {
        await _socket.SendAsync(Encoding.Latin1.GetBytes(text), Cancel);
        if (body is not null)
        {
            await _socket.SendAsync(body, Cancel);
        }
    }

    /// <summary>Reads one answer.</summary>
    /// <param name="isHead">It answers a HEAD: whatever its headers announce, nothing follows them.</param>
    public async Task<RawAnswer> ReadAsync(bool isHead = false)
    {
        var head = new StringBuilder();
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            head.Append(line).Append("\r\n");
        }

        var answer = new RawAnswer(int.Parse(head.ToString(9, 3), CultureInfo.InvariantCulture), head.ToString(), []);
        return isHead || answer.Status is < 200 or 204 or 304 ? answer : answer with { Body = await ReadBodyAsync(answer) };
    }

    /// <summary>Whether the server has closed the connection, and has said nothing more.</summary>
    public async Task<bool> IsClosedAsync() => await _stream.ReadAsync(new byte[1], Cancel) == 0;

    public void Dispose()
    {
        _stream?.Dispose();
        _socket.Dispose();
        _limit.Dispose();
    }

    private async Task<byte[]> ReadBodyAsync(RawAnswer answer)
    {
        using var body = new MemoryStream();
        if (answer.Header("Transfer-Encoding") is not null)
        {
            while (int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
            {
                body.Write(await ReadBytesAsync(size));
                await ReadLineAsync();
            }

            await ReadLineAsync();
        }
        else if (answer.Header("Content-Length") is { } length)
        {
            body.Write(await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture)));
        }
        else
        {
            await _stream.CopyToAsync(body, Cancel);
        }

        return body.ToArray();
    }

    private async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, Cancel);
        return bytes;
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new List<byte>();
        while (line is not [.., (byte)'\r', (byte)'\n'])
        {
            line.Add((await ReadBytesAsync(1))[0]);
        }

        return Encoding.Latin1.GetString([.. line[..^2]]);
    }
}
