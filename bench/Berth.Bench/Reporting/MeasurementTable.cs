using System.Globalization;
using Berth.Bench.Measuring;

namespace Berth.Bench.Reporting;

/// <summary>Measurements as a table, in Markdown that people can read as it is.</summary>
internal static class MeasurementTable
{
    private const int LargeContent = 1 << 20;

    private static readonly string[] Headings =
        ["of", "at", "clients", "ops", "op/s", "MB/s", "p50 ms", "p95 ms", "p99 ms", "CPU us/op", "CPU s/GB", "RSS MiB", "RSS ever"];

    public static void Write(TextWriter output, IEnumerable<Measurement> measurements)
    {
        output.WriteLine(Row("workload", Headings));
        output.WriteLine(Row(new string('-', 24), [.. Headings.Select(_ => "-:")]));
        foreach (var measurement in measurements)
        {
            output.WriteLine(Row(measurement.Label, Cells(measurement)));
        }
    }

    private static string Row(string label, string[] cells) =>
        $"| {label,-24} | {cells[0],-15} |{string.Concat(cells.Skip(1).Select(cell => $" {cell,9} |"))}";

    private static string[] Cells(Measurement measurement)
    {
        var (latency, cost) = (measurement.Latency, measurement.Cost);
        var isLarge = measurement.Bytes / LargeContent >= measurement.Operations;
        return
        [
            measurement.Server,
            Number(measurement.At, 0),
            Number(measurement.Clients, 0),
            Number(measurement.Operations, 0),
            Number(measurement.OperationsPerSecond, isLarge ? 2 : 0),
            Number(measurement.MegabytesPerSecond, 0),
            Number(latency.P50, 2),
            Number(latency.P95, 2),
            Number(latency.P99, 2),
            Number(cost?.CpuMicrosecondsPerOperation, 1),
            Number(isLarge ? cost?.CpuSecondsPerGigabyte : null, 3),
            Number(cost?.PeakResidentMebibytes, 0),
            Number(cost?.LifetimePeakResidentMebibytes, 0),
        ];
    }

    private static string Number(double? value, int decimals) =>
        value?.ToString(string.Create(CultureInfo.InvariantCulture, $"F{decimals}"), CultureInfo.InvariantCulture) ?? "";
}
