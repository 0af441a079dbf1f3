using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Storage.FileSystem.Linux;
using Berth.Testing;

namespace Berth.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _temporary = new();

    private string Data => _temporary["data"];

    [Fact]
    public void A_folder_keeps_its_id()
    {
        Guid id;
        using (var folder = Open())
        {
            id = folder.Id;
        }

        using var again = Open();

        Assert.NotEqual(Guid.Empty, id);
        Assert.Equal(id, again.Id);
        Assert.Equal(Path.Combine(Data, "meta.db"), again.DatabasePath);
    }

    [Fact]
    public void Folders_on_the_way_are_made_too()
    {
        using var folder = DataFolder.Open(_temporary["some/where/deep"], allowRemoteFileSystem: false, TimeProvider.System);

        Assert.True(File.Exists(_temporary["some/where/deep/FORMAT"]));
    }

    [Fact]
    public async Task Only_the_owner_can_read_what_is_stored_and_nobody_can_change_it()
    {
        Require.Linux();
        using var folder = Open();
        var store = new FileSystemBlobStore(folder);
        var (key, digest) = (BlobKey.Create(TimeProvider.System), Digest.Of([], DigestAlgorithm.Sha256));
        await (await store.StageAsync(key, 0, parts: null, TestContext.Current.CancellationToken))!.DisposeAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(BlobPaths.Staged(key)));

        await store.CommitAsync(key, digest, parts: null, TestContext.Current.CancellationToken);

        Assert.Equal(UnixFileMode.UserRead, Mode(BlobPaths.Committed(key, digest)));
        Assert.Equal(UnixFileMode.UserRead, Mode("FORMAT"));
        Assert.All(["", "staging", "blobs", "blobs/sha256", BlobPaths.Inner(digest)], path => Assert.Equal(OwnerOnly, Mode(path)));
    }

    [Fact]
    public void A_fresh_folder_is_taken_from_other_users()
    {
        Require.Linux();
        Directory.CreateDirectory(Data, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Open().Dispose();

        Assert.Equal(OwnerOnly, Mode(""));
    }

    [Fact]
    public void What_the_operator_allowed_later_stays_allowed()
    {
        Require.Linux();
        Open().Dispose();
        File.SetUnixFileMode(Data, OwnerOnly | UnixFileMode.GroupRead);

        Open().Dispose();

        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, Mode(""));
    }

    [Fact]
    public void A_folder_that_everybody_may_write_to_is_refused()
    {
        Require.Linux();
        Directory.CreateDirectory(Data);
        File.SetUnixFileMode(Data, OwnerOnly | UnixFileMode.OtherWrite);

        AssertRefused("may be written to by others");
    }

    [Fact]
    public async Task A_folder_of_another_user_is_refused()
    {
        Require.Root();
        Directory.CreateDirectory(Data);
        await Command.RunAsync("chown", ["12345", Data], TestContext.Current.CancellationToken);

        AssertRefused("belongs to user 12345");
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        File.WriteAllText(Data, "not a folder");

        AssertRefused("cannot be created");
    }

    [Theory]
    [InlineData(0x6969, "NFS")]
    [InlineData(0x65735546, "FUSE")]
    [InlineData(0xFF534D42, "CIFS")]
    public void Remote_file_systems_are_known(uint fileSystem, string name)
    {
        Assert.True(LinuxDataRoot.IsRemote(fileSystem, out var found));
        Assert.Equal(name, found);
    }

    [Theory]
    [InlineData(0xEF53)] // ext4
    [InlineData(0x58465342)] // xfs
    [InlineData(0x9123683E)] // btrfs
    [InlineData(0x01021994)] // tmpfs
    [InlineData(0x794C7630)] // overlayfs
    public void Local_file_systems_are_not_remote(uint fileSystem) => Assert.False(LinuxDataRoot.IsRemote(fileSystem, out _));

    [Fact]
    public void A_newer_format_is_refused()
    {
        WriteFormat("""{"version":2,"id":"01890000-0000-7000-8000-000000000000","created":"2030-01-01T00:00:00+00:00","more":1}""");

        AssertRefused("has format 2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("version 1")]
    public void A_format_that_cannot_be_read_is_refused(string content)
    {
        WriteFormat(content);

        AssertRefused("FORMAT file that cannot be read");
    }

    [Fact]
    public void A_start_that_was_killed_while_writing_the_format_is_no_obstacle()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "FORMAT.new"), new string('x', 1000));

        Open().Dispose();

        Open().Dispose();
        Assert.False(File.Exists(Path.Combine(Data, "FORMAT.new")));
    }

    [Fact]
    public async Task Foreign_files_are_not_listed()
    {
        using var folder = Open();
        var digest = Digest.Of([], DigestAlgorithm.Sha256);
        var key = BlobKey.Create(TimeProvider.System);
        string[] foreign =
        [
            "staging/notes.txt", $"staging/{key}.bak", $"staging/{key} ", $"staging/{key.ToString().ToUpperInvariant()}",
            $"blobs/{key}", $"blobs/sha256/{digest.Hex}.{key}", $"blobs/sha256/e3/{digest.Hex}.{key}",
            $"blobs/sha256/e3/00/{digest.Hex}.{key}", $"blobs/sha512/e3/b0/{digest.Hex}.{key}", $"blobs/sha256/e3/b0/{digest.Hex}",
            $"blobs/sha256/e3/b0/{digest.Hex}.", $"blobs/sha256/e3/b0/.{key}", $"blobs/sha256/e3/b0/{digest.Hex}.{key}.tmp",
        ];
        foreach (var path in foreign)
        {
            var file = new FileInfo(Path.Combine(Data, path));
            file.Directory!.Create();
            await file.Create().DisposeAsync();
        }

        Directory.CreateDirectory(Path.Combine(Data, BlobPaths.Staged(key)));

        Assert.Empty(await new FileSystemBlobStore(folder).ListAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _temporary.Dispose();

    private DataFolder Open() => DataFolder.Open(Data, allowRemoteFileSystem: false, TimeProvider.System);

    private UnixFileMode Mode(string path) => File.GetUnixFileMode(Path.Combine(Data, path));

    private void WriteFormat(string content)
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "FORMAT"), content);
    }

    private void AssertRefused(string reason)
    {
        var refusal = Assert.Throws<DataFolderException>(() => Open().Dispose());
        Assert.StartsWith($"The data folder '{Data}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
