namespace Berth.Bench.Reporting;

/// <summary>The numbers that Berth has to reach, and how they come out of measurements with the labels that <c>run.sh</c> gives.</summary>
internal sealed class Figures(Results results)
{
    private const string Times = "times";
    private const string TimesLess = "times less";

    public IReadOnlyList<Figure> All() =>
    [
        Less("manifest GET by tag, CPU", "manifest-get", 12),
        Less("blob HEAD, CPU", "blob-head", 12),
        Less("tags page of 100 of 2,000 (docker-registry sends all), CPU", "tags-page", 20),
        Less("catalogue page of 100 of 500, CPU", "catalog-page", 40),
        Less("image push, 4 layers of 64 KiB, CPU", "image-push", 6),
        Less("blob push of 4 KiB, CPU", "blob-push-4K", 8),
        Less("blob push of 16 MiB, CPU", "blob-push-16M", 3),
        Faster("blob pushes of 4 KiB by 16 clients", "blob-push-4K-16-clients", 8),
        Ratio("manifest GET by tag to a constant from Kestrel, CPU", "manifest-get", "constant", "constant", Metric.CpuPerOperation, 1.4),
        Ratio("manifest GET by digest to a constant from Kestrel, CPU", "manifest-get-by-digest", "constant", "constant", Metric.CpuPerOperation, 1.4),
        Ratio("blob GET of 64 MiB to nginx with sendfile, CPU", "blob-get-64M", "nginx", "blob-get-64M", Metric.CpuPerGigabyte, 1.25),
        Ratio("blob push of 16 MiB to the bytes alone, CPU", "blob-push-16M", "bare", "blob-push-16M", Metric.CpuPerGigabyte, 1.3),
        Highest("manifest GET among 64 mixed clients on two shared cores, p99", "mixed", Metric.P99, 20),
        Absolute("start to ready, empty store", "start", Metric.P50, 500),
        Absolute("start to ready, 1,000,000 manifests", "start-seeded", Metric.P50, 2000),
        Highest("resident memory, idle", "start", Metric.Resident, 90),
        Memory(250),
        Growth("tags page, 1,000,000 tags to 1,000, CPU", "growth-tags-page"),
        Growth("catalogue page, 100,000 repositories to 100, CPU", "growth-catalog-page"),
        Growth("referrers among 1,000,000 manifests to 1,000, CPU", "growth-referrers"),
        Growth("image push among 1,000,000 manifests to 1,000, CPU", "growth-image-push"),
        Absolute("push of 4 GiB, CPU", "push-large", Metric.CpuPerGigabyte, 1.6),
        Absolute("the same in chunked transfer encoding", "push-large-encoded", Metric.CpuPerGigabyte, 1.6),
        Ratio("push of 4 GiB to the bytes alone, CPU", "push-large", "bare", "push-large", Metric.CpuPerGigabyte, 1.3),
        Absolute("32 clients push 64 MiB each, CPU", "push-parallel", Metric.CpuPerGigabyte, 1.6),
        Absolute("the same in chunked transfer encoding", "push-parallel-encoded", Metric.CpuPerGigabyte, 1.6),
        Ratio("32 clients push 64 MiB each to the bytes alone, CPU", "push-parallel", "bare", "push-parallel", Metric.CpuPerGigabyte, 1.3),
        Absolute("pull of 4 GiB, CPU", "pull-large", Metric.CpuPerGigabyte, 0.4),
        Ratio("pull of 4 GiB to the bytes alone, CPU", "pull-large", "bare", "pull-large", Metric.CpuPerGigabyte, 1.25),
        Absolute("32 clients pull 64 MiB each, CPU", "pull-parallel", Metric.CpuPerGigabyte, 0.4),
        Ratio("32 clients pull 64 MiB each to the bytes alone, CPU", "pull-parallel", "bare", "pull-parallel", Metric.CpuPerGigabyte, 1.25),
        Ratio("manifest GET, three nodes to one, CPU", "nodes-together-manifest", Results.Berth, "node-alone-manifest", Metric.CpuPerOperation, 1.5),
        Ratio("blob GET, three nodes to one, CPU", "nodes-together-blob", Results.Berth, "node-alone-blob", Metric.CpuPerGigabyte, 1.5),
    ];

    private Figure Less(string name, string label, double times)
    {
        var metric = Metric.CpuPerOperation;
        var (berth, peer) = (results.Median(Results.Berth, label, metric), results.Median(Results.DockerRegistry, label, metric));
        return Compare(name, metric, berth, peer, Results.DockerRegistry, peer / berth, Target.AtLeast(times, TimesLess));
    }

    private Figure Faster(string name, string label, double times)
    {
        var metric = Metric.OperationsPerSecond;
        var (berth, peer) = (results.Median(Results.Berth, label, metric), results.Median(Results.DockerRegistry, label, metric));
        return Compare(name, metric, berth, peer, Results.DockerRegistry, berth / peer, Target.AtLeast(times, Times));
    }

    private Figure Ratio(string name, string label, string other, string otherLabel, Metric metric, double times)
    {
        var (berth, limit) = (results.Median(Results.Berth, label, metric), results.Median(other, otherLabel, metric));
        return Compare(name, metric, berth, limit, other == Results.Berth ? "" : other, berth / limit, Target.AtMost(times, Times));
    }

    // "Flat" leaves room for a tree that grew by a level or two, and for noise.
    private Figure Growth(string name, string label)
    {
        var (steps, metric) = (results.Steps(label), Metric.CpuPerOperation);
        var most = steps.Count > 0 ? results.Median(Results.Berth, label, metric, steps[^1]) : null;
        var least = steps.Count > 0 ? results.Median(Results.Berth, label, metric, steps[0]) : null;
        return Compare(name, metric, most, least, "", most / least, Target.AtMost(2, Times));
    }

    private Figure Absolute(string name, string label, Metric metric, double most)
    {
        var value = results.Median(Results.Berth, label, metric);
        return new Figure(name, Show(metric, value), "", value, Target.AtMost(most, metric.Unit));
    }

    private Figure Highest(string name, string label, Metric metric, double most)
    {
        double? value = results.Highest(metric, label) is { } run ? metric.Of(run) : null;
        return new Figure(name, Show(metric, value), "", value, Target.AtMost(most, metric.Unit));
    }

    private Figure Memory(double most)
    {
        var (run, metric) = (results.Highest(Metric.ResidentEver), Metric.ResidentEver);
        double? value = run is null ? null : metric.Of(run);
        return new Figure("resident memory, the most of any workload", Show(metric, value), $"in {run?.Label}", value, Target.AtMost(most, metric.Unit));
    }

    private static Figure Compare(string name, Metric metric, double? berth, double? other, string otherName, double? value, Target target) =>
        new(name, Show(metric, berth), $"{otherName} {Show(metric, other)}".Trim(), value, target);

    private static string Show(Metric metric, double? value) => value is { } known ? metric.Show(known) : "";
}
