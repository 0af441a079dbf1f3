using Berth.Bench.Measuring;

namespace Berth.Bench.Reporting;

/// <summary>All measurements of a run.</summary>
internal sealed class Results(IReadOnlyList<Measurement> measurements)
{
    public const string Berth = "berth";
    public const string DockerRegistry = "docker-registry";

    /// <summary>Of each workload the measurement whose CPU, or without it whose time, is the median; in the order in which they were made.</summary>
    public IEnumerable<Measurement> Typical() =>
        from run in measurements
        group run by (run.Label, run.Server, run.At, run.Clients) into rounds
        let sorted = rounds.OrderBy(Metric.CpuPerOperation.Of).ThenBy(Metric.P50.Of).ToList()
        select sorted[sorted.Count / 2];

    /// <summary>The median of a workload's rounds; null when it was not measured.</summary>
    public double? Median(string server, string label, Metric metric, int? at = null)
    {
        var sorted = Of(server, label).Where(run => at is null || run.At == at).Select(metric.Of).Order().ToList();
        return sorted.Count > 0 ? sorted[sorted.Count / 2] : null;
    }

    /// <summary>The measurement of Berth with the highest value; null when there is none.</summary>
    /// <param name="label">Of this workload only; null: of all.</param>
    public Measurement? Highest(Metric metric, string? label = null) =>
        measurements.Where(run => run.Server == Berth && run.Cost is not null && (label is null || run.Label == label)).MaxBy(metric.Of);

    /// <summary>What differs between the measurements of a workload, in order.</summary>
    public IReadOnlyList<int> Steps(string label) =>
        [.. measurements.Where(run => run.Label == label).Select(run => run.At).OfType<int>().Distinct().Order()];

    /// <summary>The median of a workload's rounds at every value of <paramref name="x"/>.</summary>
    public IReadOnlyList<(double X, double Y)> Curve(string server, string label, Func<Measurement, double?> x, Metric metric) =>
    [
        .. from run in Of(server, label)
           group metric.Of(run) by x(run) into rounds
           where rounds.Key is not null
           orderby rounds.Key
           let sorted = rounds.Order().ToList()
           where sorted[sorted.Count / 2] > 0
           select (rounds.Key!.Value, sorted[sorted.Count / 2]),
    ];

    private IEnumerable<Measurement> Of(string server, string label) => measurements.Where(run => run.Server == server && run.Label == label);
}
