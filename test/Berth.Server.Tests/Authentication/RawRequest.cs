using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Berth.Server.Tests.Authentication;

/// <summary>Sends bytes that no HTTP client would send.</summary>
internal static class RawRequest
{
    public static async Task<int> StatusAsync(int port, string request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        return int.Parse(line!.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
