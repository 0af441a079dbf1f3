using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Storage.FileSystem.Linux;
using Berth.Testing;

namespace Berth.Tests.Storage;

/// <summary>SEC-44: links planted in a data folder are refused: not followed, and nothing is deleted through them.</summary>
public sealed class SymbolicLinkTests : IDisposable
{
    private static readonly byte[] Content = "hello"u8.ToArray();
    private static readonly Digest ContentDigest = Digest.Of(Content, DigestAlgorithm.Sha256);

    private readonly TemporaryFolder _temporary = new();
    private readonly BlobKey _key = BlobKey.Create(TimeProvider.System);

    public SymbolicLinkTests()
    {
        Require.Linux();
        Directory.CreateDirectory(Outside);
        File.WriteAllBytes(Victim, Content);
    }

    public static TheoryData<bool> WithAndWithoutOpenat2 => [true, false];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _temporary["data"];

    private string Outside => _temporary["outside"];

    private string Victim => _temporary["outside/victim"];

    [Theory]
    [InlineData("LOCK", true)]
    [InlineData("LOCK", false)]
    [InlineData("FORMAT", true)]
    [InlineData("FORMAT", false)]
    [InlineData("FORMAT.new", true)]
    [InlineData("FORMAT.new", false)]
    public void A_link_in_the_place_of_a_file_of_the_folder_stops_the_start(string name, bool useOpenat2)
    {
        Directory.CreateDirectory(Data);
        File.CreateSymbolicLink(Path.Combine(Data, name), Victim);

        AssertStartRefused(useOpenat2);
    }

    [Theory]
    [InlineData("staging", true)]
    [InlineData("staging", false)]
    [InlineData("blobs", true)]
    [InlineData("blobs", false)]
    [InlineData("blobs/sha256", true)]
    [InlineData("blobs/sha256", false)]
    public void A_link_in_the_place_of_a_directory_stops_the_start(string name, bool useOpenat2)
    {
        var path = Path.Combine(Data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateSymbolicLink(path, Outside);

        AssertStartRefused(useOpenat2);
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutOpenat2))]
    public async Task A_link_in_the_place_of_staging_is_refused_while_running(bool useOpenat2)
    {
        using var folder = Open(useOpenat2);
        var store = new FileSystemBlobStore(folder);
        File.WriteAllBytes(Path.Combine(Outside, _key.ToString()), Content);
        Directory.Delete(Path.Combine(Data, "staging"));
        Directory.CreateSymbolicLink(Path.Combine(Data, "staging"), Outside);

        await RefusedAsync(async () => await store.StageAsync(_key, 0, parts: null, Token));
        await RefusedAsync(async () => await store.StageAsync(_key, 5, parts: null, Token));
        await RefusedAsync(async () => await store.CommitAsync(_key, ContentDigest, parts: null, Token));
        await RefusedAsync(async () => await store.DeleteAsync(_key, null, Token));
        await RefusedAsync(async () => await store.ListAsync(Token).ToListAsync(Token));
        Assert.Equal(2, Directory.GetFiles(Outside).Length);
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutOpenat2))]
    public async Task A_link_in_the_place_of_a_fan_out_directory_is_refused(bool useOpenat2)
    {
        using var folder = Open(useOpenat2);
        var store = new FileSystemBlobStore(folder);
        await StageAsync(store);
        var real = Path.Combine(Outside, BlobPaths.Inner(ContentDigest)[^2..]);
        Directory.CreateDirectory(real);
        File.WriteAllBytes(Path.Combine(real, Path.GetFileName(BlobPaths.Committed(_key, ContentDigest))), Content);
        Directory.CreateSymbolicLink(Path.Combine(Data, BlobPaths.Outer(ContentDigest)), Outside);

        await RefusedAsync(async () => await store.OpenAsync(_key, ContentDigest, Token));
        await RefusedAsync(async () => await store.CommitAsync(_key, ContentDigest, parts: null, Token));
        await RefusedAsync(async () => await store.DeleteAsync(_key, ContentDigest, Token));
        Assert.Empty(await store.ListAsync(Token).ToListAsync(Token));
        Assert.Single(Directory.GetFiles(real));
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutOpenat2))]
    public async Task A_link_in_the_place_of_a_staged_object_is_refused(bool useOpenat2)
    {
        using var folder = Open(useOpenat2);
        var store = new FileSystemBlobStore(folder);
        var link = Path.Combine(Data, BlobPaths.Staged(_key));
        File.CreateSymbolicLink(link, Victim);

        await RefusedAsync(async () => await store.StageAsync(_key, 0, parts: null, Token));
        await RefusedAsync(async () => await store.StageAsync(_key, 3, parts: null, Token));
        Assert.Empty(await store.ListAsync(Token).ToListAsync(Token));
        await RefusedAsync(async () => await store.CommitAsync(_key, ContentDigest, parts: null, Token));
        Assert.Null(await store.OpenAsync(_key, ContentDigest, Token));
        AssertVictimUnharmed();
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutOpenat2))]
    public async Task A_link_in_the_place_of_a_committed_object_is_refused_and_only_the_link_is_deleted(bool useOpenat2)
    {
        using var folder = Open(useOpenat2);
        var store = new FileSystemBlobStore(folder);
        await StageAsync(store);
        await store.CommitAsync(_key, ContentDigest, parts: null, Token);
        var path = Path.Combine(Data, BlobPaths.Committed(_key, ContentDigest));
        File.Delete(path);
        File.CreateSymbolicLink(path, Victim);

        await RefusedAsync(async () => await store.OpenAsync(_key, ContentDigest, Token));
        Assert.Empty(await store.ListAsync(Token).ToListAsync(Token));
        await StageAsync(store);
        await RefusedAsync(async () => await store.CommitAsync(_key, ContentDigest, parts: null, Token));
        Assert.True(await store.DeleteAsync(_key, ContentDigest, Token));
        Assert.False(Path.Exists(path));
        AssertVictimUnharmed();
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutOpenat2))]
    public async Task A_named_pipe_is_refused_and_nobody_waits_for_it(bool useOpenat2)
    {
        using var folder = Open(useOpenat2);
        var store = new FileSystemBlobStore(folder);
        await Command.RunAsync("mkfifo", [Path.Combine(Data, BlobPaths.Staged(_key))], Token);

        await RefusedAsync(async () => await store.StageAsync(_key, 0, parts: null, Token));
        await RefusedAsync(async () => await store.CommitAsync(_key, ContentDigest, parts: null, Token));
    }

    public void Dispose() => _temporary.Dispose();

    private static async Task RefusedAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<StorageException>(call);
        Assert.False(refusal.IsTransient);
        Assert.Contains("there is a symbolic link or a foreign file in the data folder", refusal.Message, StringComparison.Ordinal);
    }

    private DataFolder Open(bool useOpenat2)
    {
        var root = LinuxDataRoot.Open(Data, "FORMAT", allowRemoteFileSystem: false);
        return DataFolder.Open(Data, new LinuxFileCalls(root, useOpenat2), TimeProvider.System);
    }

    private void AssertStartRefused(bool useOpenat2)
    {
        Assert.Throws<StorageException>(() => Open(useOpenat2).Dispose());
        AssertVictimUnharmed();
    }

    private void AssertVictimUnharmed()
    {
        Assert.Equal([Victim], Directory.GetFileSystemEntries(Outside));
        Assert.Equal(Content.Length, new FileInfo(Victim).Length);
    }

    private async Task StageAsync(FileSystemBlobStore store)
    {
        await using var staged = (await store.StageAsync(_key, 0, parts: null, Token))!;
        await staged.AppendAsync(Content, Token);
        await staged.SyncAsync(Token);
    }
}
