using System.Buffers;
using System.Globalization;
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
    private static readonly ReadOnlyMemory<byte> LineEnd = "\r\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> HeadEnd = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly BodyPiece _keep;
    private int _start;
    private int _end;

    private RawConnection() => _keep = piece => _body.Write(piece);

    /// <summary>Receives the pieces of a body in order.</summary>
    internal delegate void BodyPiece(ReadOnlySpan<byte> piece);

    public static async ValueTask<RawConnection> ConnectAsync(Uri url, CancellationToken cancellationToken)
    {
        var connection = new RawConnection();
        try
        {
            await connection._socket.ConnectAsync(url.Host, url.Port, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <summary>Receives an answer whole.</summary>
    /// <param name="hasBody">False after HEAD, whose answer has a length and no body (RFC 9110, 9.3.2).</param>
    public async ValueTask<Answer> ReceiveAsync(bool hasBody, CancellationToken cancellationToken)
    {
        _body.ResetWrittenCount();
        var answer = await ReceiveAsync(hasBody, _keep, cancellationToken);
        return answer with { Body = _body.WrittenMemory };
    }

    /// <summary>Receives an answer whose body may be larger than memory.</summary>
    public async ValueTask<Answer> ReceiveAsync(bool hasBody, BodyPiece take, CancellationToken cancellationToken)
    {
        var answer = new Answer(await ReadUntilAsync(HeadEnd, cancellationToken), ReadOnlyMemory<byte>.Empty);
        if (hasBody && answer.Find("Transfer-Encoding") == "chunked")
        {
            await ReadChunksAsync(take, cancellationToken);
        }
        else if (hasBody && answer.Status != 204)
        {
            var length = answer.Find("Content-Length") ?? throw new WrongAnswerException($"an answer without Content-Length: {answer.Head}");
            await ReadBodyAsync(long.Parse(length, CultureInfo.InvariantCulture), take, cancellationToken);
        }

        return _start == _end ? answer : throw new WrongAnswerException($"{_end - _start} bytes after the answer");
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask ReadBodyAsync(long length, BodyPiece take, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                await FillAsync(cancellationToken);
            }

            var count = (int)Math.Min(length, _end - _start);
            take(_buffer.AsSpan(_start, count));
            _start += count;
            length -= count;
        }
    }

    // RFC 9112, 7.1, in the form that registries send: without trailers.
    private async ValueTask ReadChunksAsync(BodyPiece take, CancellationToken cancellationToken)
    {
        long length;
        do
        {
            var line = await ReadUntilAsync(LineEnd, cancellationToken);
            length = long.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await ReadBodyAsync(length, take, cancellationToken);
            await ReadUntilAsync(LineEnd, cancellationToken);
        }
        while (length > 0);
    }

    private async ValueTask<string> ReadUntilAsync(ReadOnlyMemory<byte> end, CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf(end.Span)) < 0)
        {
            await FillAsync(cancellationToken);
        }

        var text = Encoding.Latin1.GetString(_buffer, _start, length);
        _start += length + end.Length;
        return text;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count > 0 ? count : throw new WrongAnswerException("the connection ended, or a head is larger than 256 KiB");
    }
}
