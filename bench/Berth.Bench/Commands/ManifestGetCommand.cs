using System.CommandLine;
using Berth.Bench.Load;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>manifest-get</c>: one small manifest, by tag or by digest.</summary>
internal static class ManifestGetCommand
{
    private const string Repository = "bench/image";

    public static Command Create()
    {
        var by = new Option<string>("--by") { Description = "How to name it.", DefaultValueFactory = _ => "tag" };
        by.AcceptOnlyFromAmong("tag", "digest");
        var command = new Command("manifest-get", "Get a manifest, which is pushed first.") { by };
        var load = new LoadOptions(command, clients: 16, operations: 100_000, warmUp: 20_000);
        command.SetAction((parsed, cancellationToken) =>
        {
            var plan = load.Read(parsed);
            var reference = parsed.GetValue(by) == "tag" ? SampleImage.Tag : SampleImage.Digest.Value;
            var request = RawConnection.Request(plan.Url, $"/v2/{Repository}/manifests/{reference}", Accept);
            return LoadRun.MeasureAsync(
                plan,
                async (registry, prepared) =>
                {
                    await PushImageAsync(registry, prepared);
                    return async connecting =>
                        new GetClient(await RawConnection.ConnectAsync(plan.Url, connecting), request, SampleImage.Manifest);
                },
                cancellationToken);
        });
        return command;
    }

    /// <summary>The manifest media types that docker asks for.</summary>
    public static string Accept { get; } = string.Join(
        ", ", MediaTypes.DockerManifest, MediaTypes.DockerManifestList, MediaTypes.OciImageManifest, MediaTypes.OciImageIndex);

    private static async Task PushImageAsync(RegistryClient registry, CancellationToken cancellationToken)
    {
        foreach (var blob in SampleImage.Blobs)
        {
            await registry.PushBlobAsync(Repository, blob, chunkBytes: null, cancellationToken);
        }

        await registry.PushManifestAsync(Repository, SampleImage.Tag, SampleImage.MediaType, SampleImage.Manifest, cancellationToken);
    }
}
