using System.CommandLine;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>write-blob</c>: the first blob of <c>blob-get</c> as a file at the path of its URL, for a plain web server to serve.</summary>
internal static class WriteBlobCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--folder") { Description = "The root of the web server.", Required = true };
        var size = SizeOption.Create("--size", "Its size", 1 << 20);
        var command = new Command("write-blob", "Write the blob that blob-get asks for where a web server finds it.") { folder, size };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = new BlobSource(0, parsed.GetValue(size));
            var blobs = parsed.GetRequiredValue(folder).CreateSubdirectory("v2/bench/blobs/blobs");
            await using var file = File.Create(Path.Combine(blobs.FullName, source.Describe().Digest.Value));
            foreach (var slice in source.Slices())
            {
                await file.WriteAsync(slice, cancellationToken);
            }
        });
        return command;
    }
}
