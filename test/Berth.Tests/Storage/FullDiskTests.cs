using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Testing;

namespace Berth.Tests.Storage;

/// <summary>A real file system with no space left, and data folders spread over more than one.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly Stack<string> _mounts = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_is_transient_and_what_was_stored_stays_readable()
    {
        var disk = await MountAsync("disk", "-t", "tmpfs", "-o", "size=4m", "tmpfs");
        using var folder = DataFolder.Open(disk, allowRemoteFileSystem: false, TimeProvider.System);
        var store = new FileSystemBlobStore(folder);
        var kept = await PushAsync(store, 1 << 20);

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await PushAsync(store, 8 << 20));

        Assert.True(fault.IsTransient);
        Assert.Equal([kept], await store.ListAsync(Token).ToListAsync(Token)); // the half that was written is gone at once
        using (var open = await store.OpenAsync(kept.Key, kept.Digest!.Value, Token))
        {
            Assert.Equal(1 << 20, open!.Length);
        }

        var second = await PushAsync(store, 2 << 20);
        await Assert.ThrowsAsync<StorageException>(async () => await PushAsync(store, 2 << 20));
        Assert.True(await store.DeleteAsync(second.Key, second.Digest, Token)); // deleting works on a full disk
        await PushAsync(store, 2 << 20);
    }

    [Fact]
    public async Task A_disk_without_room_for_names_is_transient_too()
    {
        var disk = await MountAsync("disk", "-t", "tmpfs", "-o", "size=4m,nr_inodes=30", "tmpfs");
        using var folder = DataFolder.Open(disk, allowRemoteFileSystem: false, TimeProvider.System);
        var store = new FileSystemBlobStore(folder);
        var stored = new List<StoredObject>();

        var fault = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            for (var size = 1; ; size++)
            {
                stored.Add(await PushAsync(store, size)); // each its own digest, so its own directories
            }
        });

        Assert.True(fault.IsTransient);
        Assert.Equal(stored.Count, await store.ListAsync(Token).CountAsync(Token));
        foreach (var gone in stored)
        {
            await store.DeleteAsync(gone.Key, gone.Digest, Token);
        }

        await PushAsync(store, 1);
    }

    [Fact]
    public async Task Staging_and_blobs_on_different_disks_are_refused()
    {
        Directory.CreateDirectory(_temporary["data/blobs"]);
        await MountAsync("data/blobs", "-t", "tmpfs", "tmpfs");

        AssertRefused();
    }

    [Fact]
    public async Task So_are_different_mounts_of_one_disk()
    {
        Directory.CreateDirectory(_temporary["data/staging"]);
        await MountAsync("data/staging", "--bind", _temporary.FullPath);

        AssertRefused();
    }

    public void Dispose()
    {
        while (_mounts.TryPop(out var mount))
        {
            using var process = Command.Start("umount", [mount]);
            process.WaitForExit();
        }

        _temporary.Dispose();
    }

    private static async Task<StoredObject> PushAsync(FileSystemBlobStore store, int size)
    {
        var content = new byte[size];
        var key = BlobKey.Create(TimeProvider.System);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        await using (var staged = (await store.StageAsync(key, 0, parts: null, Token))!)
        {
            for (var offset = 0; offset < size; offset += 65_536)
            {
                await staged.AppendAsync(content.AsMemory(offset, Math.Min(65_536, size - offset)), Token);
            }

            await staged.SyncAsync(Token);
        }

        await store.CommitAsync(key, digest, parts: null, Token);
        return new StoredObject(key, digest, size);
    }

    private void AssertRefused()
    {
        var refusal = Assert.Throws<StorageException>(
            () => DataFolder.Open(_temporary["data"], allowRemoteFileSystem: false, TimeProvider.System).Dispose());
        Assert.False(refusal.IsTransient);
        Assert.Contains("more than one file system", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<string> MountAsync(string at, params string[] what)
    {
        Require.Root();
        var path = Directory.CreateDirectory(_temporary[at]).FullName;
        var (exitCode, output) = await Command.RunAsync("mount", [.. what, path], Token);
        Require.That(exitCode == 0, $"the right to mount ({output.Trim()})");
        _mounts.Push(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
