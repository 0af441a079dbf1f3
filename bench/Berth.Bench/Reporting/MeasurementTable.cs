using System.Globalization;
using Berth.Bench.Measuring;

namespace Berth.Bench.Reporting;

/// <summary>Measurements as a table for people.</summary>
internal static class MeasurementTable
{
    private const int LargeContent = 1 << 20;

    private static readonly string[] Headings =
        ["ops", "op/s", "MB/s", "p50 ms", "p95 ms", "p99 ms", "CPU us/op", "CPU s/GB", "RSS MiB", "RSS ever"];

    public static void Write(TextWriter output, IEnumerable<Measurement> measurements)
    {
        output.WriteLine(Row("", Headings));
        foreach (var measurement in measurements)
        {
            output.WriteLine(Row(measurement.Label, Cells(measurement)));
        }
    }

    private static string Row(string label, IEnumerable<string> cells) =>
        string.Concat(cells.Select(cell => cell.PadLeft(11)).Prepend(label.PadRight(22)));

    private static IEnumerable<string> Cells(Measurement measurement)
    {
        var (latency, server) = (measurement.Latency, measurement.Server);
        var isLarge = measurement.Bytes / LargeContent >= measurement.Operations;
        return
        [
            Number(measurement.Operations, 0),
            Number(measurement.OperationsPerSecond, isLarge ? 2 : 0),
            Number(measurement.MegabytesPerSecond, 0),
            Number(latency.P50, 2),
            Number(latency.P95, 2),
            Number(latency.P99, 2),
            Number(server?.CpuMicrosecondsPerOperation, 1),
            Number(isLarge ? server?.CpuSecondsPerGigabyte : null, 2),
            Number(server?.PeakResidentMebibytes, 0),
            Number(server?.LifetimePeakResidentMebibytes, 0),
        ];
    }

    private static string Number(double? value, int decimals) =>
        value?.ToString(string.Create(CultureInfo.InvariantCulture, $"F{decimals}"), CultureInfo.InvariantCulture) ?? "-";
}
