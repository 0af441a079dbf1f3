namespace Berth.Bench.Measuring;

/// <summary>The times that half, 95 and 99 of 100 operations did not exceed, and the longest, in milliseconds.</summary>
internal sealed record LatencyPercentiles(double P50, double P95, double P99, double Max)
{
    public static LatencyPercentiles Of(ReadOnlySpan<long> sorted, long ticksPerSecond)
    {
        if (sorted.IsEmpty)
        {
            return new LatencyPercentiles(0, 0, 0, 0);
        }

        var milliseconds = 1000.0 / ticksPerSecond;
        return new LatencyPercentiles(
            At(sorted, 0.50) * milliseconds, At(sorted, 0.95) * milliseconds, At(sorted, 0.99) * milliseconds, sorted[^1] * milliseconds);
    }

    private static long At(ReadOnlySpan<long> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
