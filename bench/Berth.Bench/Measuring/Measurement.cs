namespace Berth.Bench.Measuring;

/// <summary>What one run of a load gave.</summary>
/// <param name="Label">The workload.</param>
/// <param name="Server">What was measured: <c>berth</c>, or what it is compared with.</param>
/// <param name="At">What differs between measurements of one label: objects that the registry holds, or bytes of a blob; null where nothing does.</param>
/// <param name="Url">The registry's address.</param>
/// <param name="Clients">Clients at once.</param>
/// <param name="Operations">Operations done.</param>
/// <param name="Bytes">Bytes of content moved.</param>
/// <param name="Elapsed">From the first operation's start to the last one's end.</param>
/// <param name="Latency">Times of single operations, as the clients saw them.</param>
/// <param name="Cost">What the server's process spent; null when it was not watched.</param>
internal sealed record Measurement(
    string Label,
    string Server,
    int? At,
    Uri Url,
    int Clients,
    int Operations,
    long Bytes,
    TimeSpan Elapsed,
    LatencyPercentiles Latency,
    ServerCost? Cost)
{
    public double OperationsPerSecond => Operations / Elapsed.TotalSeconds;

    /// <summary>In units of 10^6 bytes.</summary>
    public double MegabytesPerSecond => Bytes / 1e6 / Elapsed.TotalSeconds;
}
