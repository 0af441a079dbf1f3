using System.CommandLine;
using Berth.Bench.Load;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>mixed</c>: eight reads and two writes of every ten operations, all clients at once. The times are those of manifest reads.</summary>
internal static class MixedCommand
{
    private const string Repository = "bench/mixed";

    public static Command Create()
    {
        var command = new Command(
            "mixed", "Of ten operations: 5 manifests by tag, 2 HEAD of a blob, 1 blob of 64 KiB; 1 push of 4 KiB, 1 new tag. Times the manifests.");
        var load = new LoadOptions(command, clients: 64, operations: 20_000, warmUp: 4_000);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(load.Read(parsed), PrepareAsync, cancellationToken));
        return command;
    }

    private static async ValueTask<Workload> PrepareAsync(RegistryConnection registry, CancellationToken cancellationToken)
    {
        await SampleImage.Small.PushAsync(registry, RequestCommands.Repository, RequestCommands.Tag, cancellationToken);
        var blob = await BlobCommands.EnsureAsync(registry, Repository, new BlobSource(0, 64 * 1024), cancellationToken);
        var (manifest, head) = (RequestCommands.ManifestGet(registry.Url, "tag"), RequestCommands.BlobHead(registry.Url));
        return new Workload(connection =>
        {
            var push = new BlobPush(connection, Repository, UploadForm.Monolithic, BlobSource.SliceBytes);
            var pull = new BlobPull(connection, Repository);
            return async (number, running) => (number % 10) switch
            {
                < 5 => await manifest.RunAsync(connection, running),
                < 7 => await head.RunAsync(connection, running),
                7 => await pull.PullAsync(blob, running),
                8 => (await push.PushAsync(new BlobSource(number, 4096), running)).Size,
                _ => await ImageCommands.RetagAsync(connection, number, running),
            };
        })
        {
            IsTimed = number => number % 10 < 5,
        };
    }
}
