using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Berth.Bench.Registry;

/// <summary>
/// The least that any program has to do with the bytes of a blob: from the socket through SHA-256 into a file, and from the file to the
/// socket. It knows just enough of the protocol for the same client to talk to it: what Berth costs more is Berth's.
/// </summary>
internal sealed class BareServer(IPEndPoint address, DirectoryInfo folder)
{
    private const int BlockBytes = 256 * 1024;

    private readonly ConcurrentDictionary<string, string> _blobs = new(StringComparer.Ordinal);
    private int _uploads;

    /// <summary>Serves until the process ends, each connection on a thread of its own.</summary>
    public void Run()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(address);
        listener.Listen();
        while (true)
        {
            var socket = listener.Accept();
            socket.NoDelay = true;
            new Thread(() => Serve(socket)) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        var buffer = new byte[BlockBytes];
        var filled = 0;
        using (socket)
        {
            for (int count; (count = socket.Receive(buffer.AsSpan(filled))) > 0;)
            {
                filled += count;
                var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                if (end >= 0)
                {
                    var lines = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
                    var body = buffer.AsSpan(end + 4, filled - end - 4);
                    filled = 0; // no client of ours sends a second request before the answer
                    Answer(socket, lines, body, buffer);
                }
            }
        }
    }

    private void Answer(Socket socket, string[] lines, ReadOnlySpan<byte> begun, byte[] buffer)
    {
        var (method, path) = (lines[0].Split(' ')[0], lines[0].Split(' ')[1]);
        switch (method)
        {
            case "POST":
                Reply(socket, $"202 Accepted\r\nLocation: /v2/uploads/{Interlocked.Increment(ref _uploads)}\r\nContent-Length: 0");
                break;
            case "PATCH":
                Receive(socket, path, ContentLength(lines), begun, buffer);
                Reply(socket, $"202 Accepted\r\nLocation: {path}\r\nContent-Length: 0");
                break;
            case "PUT":
                Receive(socket, path.Split('?')[0], ContentLength(lines), begun, buffer);
                _blobs[Uri.UnescapeDataString(path.Split("digest=")[1])] = FileOf(path.Split('?')[0]);
                Reply(socket, "201 Created\r\nContent-Length: 0");
                break;
            case "HEAD" or "GET" when _blobs.TryGetValue(path.Split('/')[^1], out var blob):
                Send(socket, blob, method == "GET", buffer);
                break;
            default:
                Reply(socket, "404 Not Found\r\nContent-Length: 0");
                break;
        }
    }

    private void Receive(Socket socket, string path, long left, ReadOnlySpan<byte> begun, byte[] buffer)
    {
        if (left == 0)
        {
            return; // the PATCH before it brought the content
        }

        using var file = File.OpenHandle(FileOf(path), FileMode.Create, FileAccess.Write);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var offset = 0L;
        for (var block = begun; ; block = buffer.AsSpan(0, socket.Receive(buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)))))
        {
            hash.AppendData(block);
            RandomAccess.Write(file, block, offset);
            offset += block.Length;
            left -= block.Length;
            if (left == 0)
            {
                break;
            }
        }

        hash.GetCurrentHash();
    }

    private static void Send(Socket socket, string blob, bool hasBody, byte[] buffer)
    {
        using var file = File.OpenHandle(blob);
        Reply(socket, string.Create(CultureInfo.InvariantCulture, $"200 OK\r\nContent-Length: {RandomAccess.GetLength(file)}"));
        var offset = 0L;
        for (int count; hasBody && (count = RandomAccess.Read(file, buffer, offset)) > 0; offset += count)
        {
            for (var sent = 0; sent < count;)
            {
                sent += socket.Send(buffer.AsSpan(sent, count - sent));
            }
        }
    }

    private string FileOf(string path) => Path.Combine(folder.FullName, path.Split('/')[^1]);

    private static long ContentLength(string[] lines) => long.Parse(
        lines.Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(' ')[1], CultureInfo.InvariantCulture);

    private static void Reply(Socket socket, string head) => socket.Send(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\n\r\n"));
}
