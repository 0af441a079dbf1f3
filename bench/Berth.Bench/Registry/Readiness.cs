using System.Net.Sockets;
using Berth.Bench.Load;

namespace Berth.Bench.Registry;

/// <summary>Waits for a server that may just have been started.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>Asks until the server answers at all.</summary>
    /// <returns>The first answer to <c>GET /v2/</c>.</returns>
    public static async Task<Answer> WaitAsync(Uri url, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var registry = await RegistryConnection.ConnectAsync(url, cancellationToken);
                return await registry.SendAsync(RequestBytes.Of(url, "GET", "/v2/"), cancellationToken);
            }
            catch (Exception failure) when (failure is SocketException or WrongAnswerException && time.GetElapsedTime(start) < Limit)
            {
                await Task.Delay(Poll, time, cancellationToken);
            }
        }
    }
}
