using System.Text.Json;
using Berth.Bench.Measuring;

namespace Berth.Bench.Reporting;

/// <summary>Measurements in a file, one line of JSON each, so that many runs can share it.</summary>
internal static class MeasurementFile
{
    public static void Append(FileInfo file, Measurement measurement) =>
        File.AppendAllLines(file.FullName, [JsonSerializer.Serialize(measurement, BenchJson.Default.Measurement)]);

    public static IReadOnlyList<Measurement> Read(FileInfo file) =>
        [.. File.ReadLines(file.FullName).Select(line => JsonSerializer.Deserialize(line, BenchJson.Default.Measurement)!)];
}
