using System.Globalization;
using Berth.Bench.Measuring;

namespace Berth.Bench.Reporting;

/// <summary>A number that every measurement has.</summary>
/// <param name="Unit">Its unit.</param>
/// <param name="Of">The number of a measurement.</param>
internal sealed record Metric(string Unit, Func<Measurement, double> Of)
{
    public static Metric CpuPerOperation { get; } = new("µs", run => run.Cost?.CpuMicrosecondsPerOperation ?? 0);

    /// <summary>A gigabyte is 10^9 bytes.</summary>
    public static Metric CpuPerGigabyte { get; } = new("s/GB", run => run.Cost?.CpuSecondsPerGigabyte ?? 0);

    public static Metric OperationsPerSecond { get; } = new("op/s", run => run.OperationsPerSecond);

    public static Metric P50 { get; } = new("ms", run => run.Latency.P50);

    public static Metric P99 { get; } = new("ms", run => run.Latency.P99);

    /// <summary>The most resident memory that was seen during a run.</summary>
    public static Metric Resident { get; } = new("MiB", run => run.Cost?.PeakResidentMebibytes ?? 0);

    /// <summary>The most resident memory since the process started, by the kernel's count, which misses nothing.</summary>
    public static Metric ResidentEver { get; } = new("MiB", run => run.Cost?.LifetimePeakResidentMebibytes ?? 0);

    /// <summary>A value with three digits that count, and the unit.</summary>
    public string Show(double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value, Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Max(value, 1e-3))), 0, 3)):#,0.###} {Unit}");
}
