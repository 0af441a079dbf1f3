using System.Net.Sockets;
using System.Text;
using Berth.Bench.Load;

namespace Berth.Bench.Registry;

/// <summary>
/// A keep-alive connection that does the least a client can: with HttpClient the client would be slower than the server that it
/// is to measure.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[1 << 20];

    private RawConnection()
    {
    }

    public static async ValueTask<RawConnection> ConnectAsync(Uri url, CancellationToken cancellationToken)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(url.Host, url.Port, cancellationToken);
        return connection;
    }

    /// <summary>The bytes of a GET request with the headers that container clients send.</summary>
    public static ReadOnlyMemory<byte> Request(Uri url, string path, string accept) =>
        Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: berth-bench\r\nAccept: {accept}\r\nAccept-Encoding: gzip\r\n\r\n");

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <returns>The body, valid until the next call.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(request, cancellationToken);

        var received = 0;
        int headEnd;
        do
        {
            received += await ReceiveAsync(received, cancellationToken);
            headEnd = _buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8);
        }
        while (headEnd < 0);

        var bodyStart = headEnd + 4;
        var end = bodyStart + ContentLength(_buffer.AsSpan(0, headEnd + 2));
        while (received < end)
        {
            received += await ReceiveAsync(received, cancellationToken);
        }

        return received == end
            ? _buffer.AsMemory(bodyStart, end - bodyStart)
            : throw new WrongAnswerException($"{received - end} bytes after the answer");
    }

    public void Dispose() => _socket.Dispose();

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new WrongAnswerException(Encoding.Latin1.GetString(head));
        }

        foreach (var line in head.Split((byte)'\n'))
        {
            var header = head[line];
            var name = "Content-Length: "u8;
            if (header.Length > name.Length && Ascii.EqualsIgnoreCase(header[..name.Length], name))
            {
                return int.Parse(header[name.Length..].TrimEnd((byte)'\r'), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        throw new WrongAnswerException("an answer without Content-Length");
    }

    private async ValueTask<int> ReceiveAsync(int offset, CancellationToken cancellationToken)
    {
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(offset), cancellationToken);
        return count > 0 ? count : throw new WrongAnswerException("the connection ended, or the answer is larger than 1 MiB");
    }
}
