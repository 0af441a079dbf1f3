using System.CommandLine;
using System.Globalization;
using Berth.Bench.Load;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>image-push</c>, <c>image-pull</c> and <c>retag</c>.</summary>
internal static class ImageCommands
{
    private const string Repository = "bench/images";

    public static Command CreatePush()
    {
        var (layers, size) = (LayersOption(), SizeOption.Create("--size", "Size of a layer", 64 * 1024));
        return Create(
            new Command("image-push", "Push images with content of their own: of each blob HEAD, POST, PUT; then the manifest by a new tag.") { layers, size },
            operations: 100,
            (_, _, _) => ValueTask.CompletedTask,
            (parsed, registry) => async (number, cancellationToken) =>
            {
                // Layers have the numbers that follow the image's.
                var image = new SampleImage(number * (parsed.GetValue(layers) + 1), parsed.GetValue(layers), (int)parsed.GetValue(size));
                await image.PushAsync(registry, Repository, TagOf(number), cancellationToken);
                return image.Size;
            });
    }

    public static Command CreatePull()
    {
        var (layers, size) = (LayersOption(), SizeOption.Create("--size", "Size of a layer", 64 * 1024));
        SampleImage Image(ParseResult parsed) => new(2_000_000, parsed.GetValue(layers), (int)parsed.GetValue(size));
        return Create(
            new Command("image-pull", "Pull an image, which is pushed first: the manifest by its tag, and then every blob.") { layers, size },
            operations: 1_000,
            (parsed, registry, cancellationToken) => Image(parsed).PushAsync(registry, Repository, "pulled", cancellationToken),
            (parsed, registry) =>
            {
                var (image, pull) = (Image(parsed), new BlobPull(registry, Repository));
                var manifest = new RepeatedRequest(
                    RequestBytes.Of(registry.Url, "GET", $"/v2/{Repository}/manifests/pulled"), image.Manifest, ("Docker-Content-Digest", image.Digest.Value));
                return async (_, cancellationToken) =>
                {
                    await manifest.RunAsync(registry, cancellationToken);
                    foreach (var blob in image.Blobs)
                    {
                        await pull.PullAsync(blob, cancellationToken);
                    }

                    return image.Size;
                };
            });
    }

    public static Command CreateRetag() => Create(
        new Command("retag", "Push a manifest that is there by a new tag."),
        operations: 1_000,
        (_, registry, cancellationToken) => SampleImage.Small.PushAsync(registry, RequestCommands.Repository, RequestCommands.Tag, cancellationToken),
        (_, registry) => (number, cancellationToken) => RetagAsync(registry, number, cancellationToken));

    /// <summary>Pushes the manifest of <see cref="SampleImage.Small"/> by a tag made from a number.</summary>
    /// <returns>Its size.</returns>
    public static async ValueTask<long> RetagAsync(RegistryConnection registry, long number, CancellationToken cancellationToken)
    {
        var manifest = SampleImage.Small.Manifest;
        await registry.PutManifestAsync(RequestCommands.Repository, TagOf(number), SampleImage.MediaType, manifest, cancellationToken);
        return manifest.Length;
    }

    private static Command Create(
        Command command,
        int operations,
        Func<ParseResult, RegistryConnection, CancellationToken, ValueTask> prepare,
        Func<ParseResult, RegistryConnection, Operation> client)
    {
        var load = new LoadOptions(command, clients: 1, operations, warmUp: operations / 5);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(
            load.Read(parsed),
            async (registry, prepared) =>
            {
                await prepare(parsed, registry, prepared);
                return new Workload(connection => client(parsed, connection));
            },
            cancellationToken));
        return command;
    }

    private static string TagOf(long number) => number.ToString("x", CultureInfo.InvariantCulture);

    private static Option<int> LayersOption() => new("--layers") { Description = "Layers beside the configuration.", DefaultValueFactory = _ => 4 };
}
