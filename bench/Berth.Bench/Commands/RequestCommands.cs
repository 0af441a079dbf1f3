using System.CommandLine;
using Berth.Bench.Load;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary>The commands whose clients repeat one small request: <c>ping</c>, <c>manifest-get</c>, <c>manifest-head</c>, <c>blob-head</c> and <c>constant</c>.</summary>
internal static class RequestCommands
{
    /// <summary>Where the requested image is.</summary>
    public const string Repository = "bench/image";

    public const string Tag = "v1";

    public static Command CreatePing() => Create(
        new Command("ping", "Ask whether there is a registry."),
        async (_, registry, cancellationToken) =>
        {
            var ping = RequestBytes.Of(registry.Url, "GET", "/v2/");
            var first = await registry.SendAsync(ping, 200, cancellationToken);
            return new RepeatedRequest(ping, first.Body.ToArray());
        });

    public static Command CreateManifestGet()
    {
        var by = ByOption();
        return Create(
            new Command("manifest-get", "Get a manifest, which is pushed first.") { by },
            async (parsed, registry, cancellationToken) =>
            {
                await SampleImage.Small.PushAsync(registry, Repository, Tag, cancellationToken);
                return ManifestGet(registry.Url, parsed.GetRequiredValue(by));
            });
    }

    public static Command CreateManifestHead()
    {
        var by = ByOption();
        return Create(
            new Command("manifest-head", "Ask for the size and digest of a manifest, which is pushed first.") { by },
            async (parsed, registry, cancellationToken) =>
            {
                await SampleImage.Small.PushAsync(registry, Repository, Tag, cancellationToken);
                return Head(registry.Url, ManifestPath(parsed.GetRequiredValue(by)), SampleImage.Small.Digest, SampleImage.Small.Manifest.Length);
            });
    }

    public static Command CreateBlobHead() => Create(
        new Command("blob-head", "Ask for the size and digest of a blob, which is pushed first."),
        async (_, registry, cancellationToken) =>
        {
            await SampleImage.Small.PushAsync(registry, Repository, Tag, cancellationToken);
            return BlobHead(registry.Url);
        });

    public static Command CreateConstant() => Create(
        new Command("constant", "Get the constant that serve-constant serves, the least that Kestrel can spend on a manifest."),
        (_, registry, _) => ValueTask.FromResult(
            new RepeatedRequest(RequestBytes.Of(registry.Url, "GET", ServeConstantCommand.Path), SampleImage.Small.Manifest)));

    /// <summary>A request for the manifest of <see cref="SampleImage.Small"/>.</summary>
    /// <param name="by"><c>tag</c> or <c>digest</c>.</param>
    public static RepeatedRequest ManifestGet(Uri url, string by) => new(
        RequestBytes.Of(url, "GET", ManifestPath(by)),
        SampleImage.Small.Manifest,
        ("Docker-Content-Digest", SampleImage.Small.Digest.Value),
        ("Content-Type", SampleImage.MediaType));

    /// <summary>A request for the size of a layer of <see cref="SampleImage.Small"/>.</summary>
    public static RepeatedRequest BlobHead(Uri url)
    {
        var blob = SampleImage.Small.Blobs[^1];
        return Head(url, $"/v2/{Repository}/blobs/{blob.Digest}", blob.Digest, blob.Size);
    }

    private static Command Create(Command command, Func<ParseResult, RegistryConnection, CancellationToken, ValueTask<RepeatedRequest>> prepare)
    {
        var load = new LoadOptions(command, clients: 16, operations: 20_000, warmUp: 4_000);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(
            load.Read(parsed),
            async (registry, prepared) => (await prepare(parsed, registry, prepared)).ToWorkload(),
            cancellationToken));
        return command;
    }

    private static RepeatedRequest Head(Uri url, string path, Digest digest, long size) => new(
        RequestBytes.Of(url, "HEAD", path),
        ReadOnlyMemory<byte>.Empty,
        ("Docker-Content-Digest", digest.Value),
        ("Content-Length", size.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static string ManifestPath(string by) =>
        $"/v2/{Repository}/manifests/{(by == "tag" ? Tag : SampleImage.Small.Digest.Value)}";

    private static Option<string> ByOption()
    {
        var by = new Option<string>("--by") { Description = "How to name it.", DefaultValueFactory = _ => "tag" };
        by.AcceptOnlyFromAmong("tag", "digest");
        return by;
    }
}
