using System.CommandLine;
using Berth.Bench.Load;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>blob-push</c> and <c>blob-get</c>: blobs of any size, in every form that clients use.</summary>
internal static class BlobCommands
{
    private const int RangeStart = 1_000;

    public static Command CreatePush()
    {
        var size = SizeOption.Create("--size", "Size of a blob", 4096);
        var form = new Option<UploadForm>("--form") { Description = "How it is sent.", DefaultValueFactory = _ => UploadForm.Monolithic };
        var chunk = SizeOption.Create("--chunk", "Size of a chunk, at most 1M", 32 * 1024);
        var repository = RepositoryOption();
        var command = new Command("blob-push", "Push blobs, each with content of its own.") { size, form, chunk, repository };
        var load = new LoadOptions(command, clients: 1, operations: 1_000, warmUp: 100);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(
            load.Read(parsed),
            new Workload(registry =>
            {
                var push = new BlobPush(registry, parsed.GetRequiredValue(repository), parsed.GetValue(form), (int)parsed.GetValue(chunk));
                return async (number, running) => (await push.PushAsync(new BlobSource(number, parsed.GetValue(size)), running)).Size;
            }),
            cancellationToken));
        return command;
    }

    public static Command CreateGet()
    {
        var size = SizeOption.Create("--size", "Size of a blob", 1 << 20);
        var count = new Option<int>("--blobs") { Description = "How many blobs to get in turn.", DefaultValueFactory = _ => 1 };
        var range = SizeOption.Create("--range", "Get only so many bytes of it, from a place that changes; 0: all of it", 0);
        var repository = RepositoryOption();
        var command = new Command("blob-get", "Get blobs; those that are not there are pushed first.") { size, count, range, repository };
        var load = new LoadOptions(command, clients: 1, operations: 1_000, warmUp: 100);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(
            load.Read(parsed),
            async (registry, prepared) =>
            {
                var name = parsed.GetRequiredValue(repository);
                var blobs = new PushedBlob[parsed.GetValue(count)];
                for (var number = 0; number < blobs.Length; number++)
                {
                    blobs[number] = await EnsureAsync(registry, name, new BlobSource(number, parsed.GetValue(size)), prepared);
                }

                return new Workload(connection => Get(new BlobPull(connection, name), blobs, (int)parsed.GetValue(range)));
            },
            cancellationToken));
        return command;
    }

    /// <summary>Pushes a blob unless it is there.</summary>
    public static async ValueTask<PushedBlob> EnsureAsync(
        RegistryConnection registry, string repository, BlobSource source, CancellationToken cancellationToken)
    {
        var blob = source.Describe();
        if (!await registry.HasBlobAsync(repository, blob.Digest, cancellationToken))
        {
            await new BlobPush(registry, repository, UploadForm.Streamed, BlobSource.SliceBytes).PushAsync(source, cancellationToken);
        }

        return blob;
    }

    private static Operation Get(BlobPull pull, PushedBlob[] blobs, int range)
    {
        var sources = blobs.Select((blob, number) => new BlobSource(number, blob.Size)).ToList();
        return (number, cancellationToken) =>
        {
            var index = (int)(number % blobs.Length);
            if (range == 0)
            {
                return pull.PullAsync(blobs[index], cancellationToken);
            }

            // A range inside of one slice, since that is what can be told without making the whole blob.
            var sliceIndex = (int)(number % sources[index].SliceCount);
            var slice = sources[index].Slice(sliceIndex);
            var start = Math.Min(RangeStart, slice.Length - 1);
            var expected = slice.Slice(start, Math.Min(range, slice.Length - start));
            return pull.PullRangeAsync(blobs[index], ((long)sliceIndex * BlobSource.SliceBytes) + start, expected, cancellationToken);
        };
    }

    private static Option<string> RepositoryOption() =>
        new("--repository") { Description = "Where the blobs are.", DefaultValueFactory = _ => "bench/blobs" };
}
