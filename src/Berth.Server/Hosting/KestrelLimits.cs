using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Berth.Server.Hosting;

/// <summary>How much of a stranger's patience, headers and bytes the server takes.</summary>
internal static class KestrelLimits
{
    /// <summary>
    /// Kestrel answers an oversized request line or header block itself, without a body. Its limits are set above the
    /// protocol's own (RegistryEndpoint), so that all but the absurd get an error that clients can read.
    /// </summary>
    private const int HardLimit = 256 * 1024;

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = HardLimit;
        limits.MaxRequestHeadersTotalSize = HardLimit;
        limits.MaxRequestHeaderCount = 1000;

        // A client that opens a request must finish its headers soon, and keep its body moving.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(8));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));
    }
}
