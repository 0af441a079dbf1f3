using System.CommandLine;
using Berth.Bench.Load;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>push-large</c> and <c>push-parallel</c>: the same load, with other numbers.</summary>
internal static class PushCommand
{
    public static Command CreateLarge() =>
        Create("push-large", "Push one large blob: POST, one streamed PATCH, PUT.", sizeMebibytes: 4096, clients: 1, operations: 1);

    public static Command CreateParallel() =>
        Create("push-parallel", "Push many blobs at once: POST, one streamed PATCH, PUT each.", sizeMebibytes: 64, clients: 32, operations: 64);

    private static Command Create(string name, string description, int sizeMebibytes, int clients, int operations)
    {
        var size = new Option<int>("--size") { Description = "Size of a blob in MiB.", DefaultValueFactory = _ => sizeMebibytes };
        var chunk = new Option<int?>("--chunk")
        {
            Description = "Send the PATCH in chunked transfer encoding, in chunks of this many bytes. Docker does, with 32768.",
        };
        var repository = new Option<string>("--repository") { Description = "Where to push.", DefaultValueFactory = _ => "bench/blobs" };
        var command = new Command(name, description) { size, chunk, repository };
        var load = new LoadOptions(command, clients, operations, warmUp: 0);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(
            load.Read(parsed),
            registry => new PushClient(
                registry,
                parsed.GetRequiredValue(repository),
                operation => new BlobSource(operation, (long)parsed.GetValue(size) << 20),
                parsed.GetValue(chunk)),
            cancellationToken));
        return command;
    }
}
