using System.CommandLine;
using Berth.Bench.Load;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>pull-large</c>: the blobs of <c>push-large</c> or <c>push-parallel</c> back; those that are not there are pushed first.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var size = new Option<int>("--size") { Description = "Size of a blob in MiB.", DefaultValueFactory = _ => 4096 };
        var blobs = new Option<int>("--blobs") { Description = "How many blobs to pull in turn.", DefaultValueFactory = _ => 1 };
        var repository = new Option<string>("--repository") { Description = "Where they are.", DefaultValueFactory = _ => "bench/blobs" };
        var command = new Command("pull-large", "Pull large blobs and check their digests.") { size, blobs, repository };
        var load = new LoadOptions(command, clients: 1, operations: 2, warmUp: 0);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(
            load.Read(parsed),
            async (registry, prepared) =>
            {
                var name = parsed.GetRequiredValue(repository);
                var there = new List<PushedBlob>();
                for (var number = 0; number < parsed.GetValue(blobs); number++)
                {
                    there.Add(await EnsureAsync(registry, name, new BlobSource(number, (long)parsed.GetValue(size) << 20), prepared));
                }

                return _ => ValueTask.FromResult<ILoadClient>(new PullClient(registry, name, there));
            },
            cancellationToken));
        return command;
    }

    private static async Task<PushedBlob> EnsureAsync(
        RegistryClient registry, string repository, BlobSource source, CancellationToken cancellationToken)
    {
        var blob = source.Describe();
        if (!await registry.HasBlobAsync(repository, blob.Digest, cancellationToken))
        {
            await registry.PushBlobAsync(repository, source, chunkBytes: null, cancellationToken);
        }

        return blob;
    }
}
