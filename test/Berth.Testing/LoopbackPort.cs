using System.Net;
using System.Net.Sockets;

namespace Berth.Testing;

/// <summary>Ports of the loopback interface, for servers that must be told theirs.</summary>
public static class LoopbackPort
{
    /// <summary>Where nothing listens now.</summary>
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
