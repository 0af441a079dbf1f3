using System.Globalization;
using Berth.Bench.Measuring;

namespace Berth.Bench.Reporting;

/// <summary>The plots that can be drawn from the measurements of a run.</summary>
internal sealed class Plots(Results results)
{
    private const string Throughput = "operations per second";
    private const string Cost = "CPU of the server, µs per operation";

    public IEnumerable<Plot> All() =>
        from plot in (Plot[])
        [
            new(
                "clients-manifest-get",
                "Manifest GET by tag: throughput against clients",
                "clients",
                Throughput,
                Count,
                Compare("clients-manifest-get", run => run.Clients, Metric.OperationsPerSecond, Results.Berth, Results.DockerRegistry)),
            new(
                "clients-blob-push",
                "Blob push of 4 KiB: throughput against clients",
                "clients",
                Throughput,
                Count,
                Compare("clients-blob-push", run => run.Clients, Metric.OperationsPerSecond, Results.Berth, Results.DockerRegistry)),
            new(
                "size-blob-get",
                "Blob GET: cost against size",
                "size of the blob",
                Cost,
                Size,
                Compare("size-blob-get", run => run.At, Metric.CpuPerOperation, Results.Berth, Results.DockerRegistry, "nginx")),
            new(
                "size-blob-push",
                "Blob push: cost against size",
                "size of the blob",
                Cost,
                Size,
                Compare("size-blob-push", run => run.At, Metric.CpuPerOperation, Results.Berth, Results.DockerRegistry, "bare")),
            new(
                "growth",
                "Cost against what the registry holds",
                "tags, and as many manifests; a tenth as many repositories",
                Cost,
                Count,
                [
                    Growth("tags page", "growth-tags-page"),
                    Growth("catalogue page", "growth-catalog-page"),
                    Growth("referrers", "growth-referrers"),
                    Growth("image push", "growth-image-push"),
                ]),
        ]
        let drawn = plot with { Lines = [.. plot.Lines.Where(line => line.Points.Count > 0)] }
        where drawn.Lines.Count > 0
        select drawn;

    private static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Size(double bytes) => bytes switch
    {
        < 1 << 20 => $"{Count(bytes / (1 << 10))} KiB",
        < 1 << 30 => $"{Count(bytes / (1 << 20))} MiB",
        _ => $"{Count(bytes / (1 << 30))} GiB",
    };

    private IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> Compare(
        string label, Func<Measurement, double?> x, Metric metric, params IEnumerable<string> servers) =>
        [.. servers.Select(server => (server, results.Curve(server, label, x, metric)))];

    private (string Name, IReadOnlyList<(double X, double Y)> Points) Growth(string name, string label) =>
        (name, results.Curve(Results.Berth, label, run => run.At, Metric.CpuPerOperation));
}
