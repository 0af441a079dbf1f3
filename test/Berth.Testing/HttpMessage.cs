using System.Globalization;
using System.Text;

namespace Berth.Testing;

/// <summary>One request or answer of HTTP/1.1, head and body, byte for byte.</summary>
public sealed record HttpMessage(string Head, byte[] Body)
{
    private const string End = "\r\n\r\n";

    /// <summary>The request line or the status line.</summary>
    public string FirstLine => Head[..Head.IndexOf("\r\n", StringComparison.Ordinal)];

    /// <summary>Of a request.</summary>
    public string Method => FirstLine.Split(' ')[0];

    /// <summary>Path and query of a request.</summary>
    public string Target => FirstLine.Split(' ')[1];

    /// <summary>Of an answer.</summary>
    public int Status => int.Parse(FirstLine.Split(' ')[1], CultureInfo.InvariantCulture);

    public static HttpMessage Answer(int status, string body, string headers = "") => new(
        $"HTTP/1.1 {status} Test\r\nContent-Type: application/xml\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}{End[2..]}",
        Encoding.UTF8.GetBytes(body));

    public string? Find(string header) => Head.Split("\r\n")
        .Where(line => line.StartsWith($"{header}:", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(header.Length + 1)..].Trim())
        .FirstOrDefault();

    /// <summary>Reads one message. Null when the connection ends before it begins.</summary>
    /// <param name="hasBody">Whether such a head can be followed by a body: the answer to HEAD cannot.</param>
    /// <param name="onHead">Called between head and body.</param>
    public static async Task<HttpMessage?> ReadAsync(
        Stream stream, bool hasBody, Func<HttpMessage, Task> onHead, CancellationToken cancellationToken)
    {
        if (await ReadHeadAsync(stream, cancellationToken) is not { } head)
        {
            return null;
        }

        var message = new HttpMessage(head, []);
        await onHead(message);
        if (!hasBody)
        {
            return message;
        }

        return message.Find("Transfer-Encoding") == "chunked"
            ? message with { Body = await ReadChunksAsync(stream, cancellationToken) }
            : message with { Body = await ReadExactlyAsync(stream, message.Find("Content-Length"), cancellationToken) };
    }

    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(Head), cancellationToken);
        await stream.WriteAsync(Body, cancellationToken);
    }

    /// <summary>The same without one header.</summary>
    public HttpMessage Without(string header) => this with
    {
        Head = string.Join("\r\n", Head.Split("\r\n").Where(line => !line.StartsWith($"{header}:", StringComparison.OrdinalIgnoreCase))),
    };

    private static async Task<string?> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellationToken) > 0)
        {
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.Length >= End.Length && head.ToString(head.Length - End.Length, End.Length) == End)
            {
                return head.ToString();
            }
        }

        return null;
    }

    private static async Task<byte[]> ReadExactlyAsync(Stream stream, string? length, CancellationToken cancellationToken)
    {
        var body = new byte[length is null ? 0 : int.Parse(length, CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return body;
    }

    /// <summary>With the frames: they go on as they are.</summary>
    private static async Task<byte[]> ReadChunksAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLineAsync(stream, cancellationToken);
            body.Write(Encoding.Latin1.GetBytes(line));
            var size = int.Parse(line.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var chunk = new byte[size + 2];
            await stream.ReadExactlyAsync(chunk, cancellationToken);
            body.Write(chunk);
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length == 0 || line[^1] != '\n')
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            line.Append((char)one[0]);
        }

        return line.ToString();
    }
}
