using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Safety.Tests;

/// <summary>A connection whose client does what no HTTP library would.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

    public static async Task<RawConnection> OpenAsync(string address, string text, CancellationToken cancellationToken)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(IPEndPoint.Parse(address), cancellationToken);
        await connection.SendAsync(text, cancellationToken);
        return connection;
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _socket.SendAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    /// <summary>Sends if there is still somebody to send to.</summary>
    public async Task TrySendAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(text, cancellationToken);
        }
        catch (SocketException)
        {
            // who reads will hear of it
        }
    }

    /// <summary>Everything the server sends until it closes the connection; how it does that is its business.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, cancellationToken) is > 0 and var read)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // reset: that is an end, too
        }

        return text.ToString();
    }

    /// <summary>Goes away without a word of farewell.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    public void Dispose() => _socket.Dispose();
}
