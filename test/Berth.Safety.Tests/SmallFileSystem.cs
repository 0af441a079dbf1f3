using System.Globalization;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>A file system with little space, mounted for one test; and a file in it that can make room.</summary>
public sealed class SmallFileSystem : IAsyncDisposable
{
    private const int MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    private SmallFileSystem()
    {
    }

    /// <summary>A place for a data folder. The root of ext4 has a folder of its own already.</summary>
    public string DataFolder => Path.Combine(Root, "data");

    public long Free => new DriveInfo(Root).AvailableFreeSpace;

    private string Root => _folder["mount"];

    private string Ballast => Path.Combine(Root, "ballast");

    /// <param name="kind">tmpfs or ext4, the latter on a file.</param>
    /// <param name="ballast">Bytes that are taken by a file of no use.</param>
    public static async Task<SmallFileSystem> MountAsync(string kind, int mebibytes, int ballast, CancellationToken cancellationToken)
    {
        Require.Root();
        var small = new SmallFileSystem();
        try
        {
            Directory.CreateDirectory(small.Root);
            await small.MountAsync(kind, mebibytes, cancellationToken);
            await File.WriteAllBytesAsync(small.Ballast, new byte[ballast], cancellationToken);
            return small;
        }
        catch
        {
            await small.DisposeAsync();
            throw;
        }
    }

    public void DropBallast() => File.Delete(Ballast);

    /// <summary>Takes all the space there is, as another program may.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        await using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var bytes = new byte[4096];
        try
        {
            while (true)
            {
                await file.WriteAsync(bytes, cancellationToken);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // that was the last of it
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync("umount", [Root], CancellationToken.None); // which fails if it never was mounted
        _folder.Dispose();
    }

    private async Task MountAsync(string kind, int mebibytes, CancellationToken cancellationToken)
    {
        var size = mebibytes.ToString(CultureInfo.InvariantCulture);
        string[] arguments = ["-t", "tmpfs", "-o", $"size={size}m", "tmpfs", Root];
        if (kind != "tmpfs")
        {
            var image = _folder["image"];
            Require.Tool("mkfs.ext4");
            await using (var file = File.Create(image))
            {
                file.SetLength((long)mebibytes * MiB);
            }

            var (made, said) = await Command.RunAsync("mkfs.ext4", ["-q", "-F", "-m", "0", image], cancellationToken);
            Assert.True(made == 0, said);
            arguments = ["-t", "ext4", "-o", "loop", image, Root];
        }

        var (exitCode, output) = await Command.RunAsync("mount", arguments, cancellationToken);
        Require.That(exitCode == 0, $"the right to mount {kind} ({output.Trim()})");
    }
}
