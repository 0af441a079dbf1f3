using Berth.Bench.Measuring;

namespace Berth.Bench.Reporting;

/// <summary>The numbers that Berth has to reach, and how they come out of measurements with the labels that <c>run.sh</c> gives.</summary>
internal static class Figures
{
    private const double PushCpu = 1.6;
    private const double PullCpu = 0.4;
    private const double PushMemory = 300;
    private const double PushToBare = 1.3;
    private const double PullToBare = 1.25;
    private const double ManifestToConstant = 2;
    private const double LargeToSmallListing = 2;
    private const double NodesToNode = 1.5;

    /// <summary>The figures that can be told from the measurements. Of several with one label, the median counts, or the peak of memory.</summary>
    public static IReadOnlyList<Figure> Of(IReadOnlyList<Measurement> measurements)
    {
        var byLabel = measurements.ToLookup(measurement => measurement.Label, StringComparer.Ordinal);
        return
        [
            .. Push("push-large"),
            .. Push("push-large-chunked"),
            .. Push("push-parallel"),
            .. Push("push-parallel-chunked"),
            .. Ratio("push-large: CPU to the bytes alone", "push-large", "bare-push-large", CpuPerGigabyte, PushToBare),
            .. Ratio("push-parallel: CPU to the bytes alone", "push-parallel", "bare-push-parallel", CpuPerGigabyte, PushToBare),
            .. Absolute("pull-large: CPU", "pull-large", CpuPerGigabyte, PullCpu, "s/GB"),
            .. Absolute("pull-parallel: CPU", "pull-parallel", CpuPerGigabyte, PullCpu, "s/GB"),
            .. Ratio("pull-large: CPU to the bytes alone", "pull-large", "bare-pull-large", CpuPerGigabyte, PullToBare),
            .. Ratio("pull-parallel: CPU to the bytes alone", "pull-parallel", "bare-pull-parallel", CpuPerGigabyte, PullToBare),
            .. Ratio("manifest by tag: CPU to bare MapGet", "manifest-tag", "constant", CpuPerOperation, ManifestToConstant),
            .. Ratio("manifest by digest: CPU to bare MapGet", "manifest-digest", "constant", CpuPerOperation, ManifestToConstant),
            .. Listing("tags page, 1,000,000 to 1,000 tags", "tags-large", "tags-small"),
            .. Absolute("bucket-push-large: resident memory", "bucket-push-large", PeakMebibytes, PushMemory, "MiB"),
            .. Ratio("manifest, three nodes to one: CPU of the nodes", "nodes-together-manifest", "node-alone-manifest", CpuPerOperation, NodesToNode),
            .. Ratio("blob, three nodes to one: CPU of the nodes", "nodes-together-blob", "node-alone-blob", CpuPerGigabyte, NodesToNode),
            .. Listing("catalogue page, 100,000 to 1,000 repositories", "catalog-large", "catalog-small"),
        ];

        IEnumerable<Figure> Push(string label) =>
        [
            .. Absolute($"{label}: CPU", label, CpuPerGigabyte, PushCpu, "s/GB"),
            .. Absolute($"{label}: resident memory", label, PeakMebibytes, PushMemory, "MiB"),
        ];

        IEnumerable<Figure> Listing(string name, string large, string small) =>
        [
            .. Ratio($"{name}: CPU", large, small, CpuPerOperation, LargeToSmallListing),
            .. Ratio($"{name}: time", large, small, runs => Median(runs, run => run.Latency.P50), LargeToSmallListing),
        ];

        IEnumerable<Figure> Absolute(string name, string label, Func<IEnumerable<Measurement>, double> value, double limit, string unit) =>
            byLabel.Contains(label) ? [new Figure(name, value(byLabel[label]), limit, unit)] : [];

        IEnumerable<Figure> Ratio(string name, string label, string baseline, Func<IEnumerable<Measurement>, double> value, double limit) =>
            byLabel.Contains(label) && byLabel.Contains(baseline)
                ? [new Figure(name, value(byLabel[label]) / value(byLabel[baseline]), limit, "times")]
                : [];
    }

    private static double CpuPerGigabyte(IEnumerable<Measurement> runs) => Median(runs, run => run.Cost!.CpuSecondsPerGigabyte);

    private static double CpuPerOperation(IEnumerable<Measurement> runs) => Median(runs, run => run.Cost!.CpuMicrosecondsPerOperation);

    // The kernel's own peak, which misses nothing: every push starts a server of its own.
    private static double PeakMebibytes(IEnumerable<Measurement> runs) => runs.Max(run => run.Cost!.LifetimePeakResidentMebibytes);

    private static double Median(IEnumerable<Measurement> runs, Func<Measurement, double> value)
    {
        var sorted = runs.Select(value).Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
