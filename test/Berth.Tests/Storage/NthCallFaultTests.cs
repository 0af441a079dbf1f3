using System.Security.Cryptography;
using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Storage.FileSystem.Linux;
using Berth.Testing;

namespace Berth.Tests.Storage;

/// <summary>The life of a blob, with a fault at each of its file calls in turn.</summary>
public sealed class NthCallFaultTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public static TheoryData<string, bool, bool> Faults => new(
        from fault in new[]
        {
            (Error: Errno.EIO, IsTransient: false),
            (Error: Errno.ENOSPC, IsTransient: true),
            (Error: Errno.EDQUOT, IsTransient: true),
            (Error: Errno.EMFILE, IsTransient: true),
        }
        from afterEffect in new[] { false, true }
        select (fault.Error.ToString(), fault.IsTransient, afterEffect));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _temporary["data"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_at_any_call_is_reported_and_nothing_succeeds_that_did_not_happen(string error, bool isTransient, bool afterEffect)
    {
        Require.Linux();
        using var folder = DataFolder.Open(Data, allowRemoteFileSystem: false, TimeProvider.System);
        var sound = new FileSystemBlobStore(folder);
        var descriptors = OpenDescriptors.Under(Data);
        for (var failAt = 1; ; failAt++)
        {
            var calls = new FaultyFileCalls(folder.Calls) { FailAt = failAt, Error = Enum.Parse<Errno>(error), AfterEffect = afterEffect };
            var store = new FileSystemBlobStore(calls, root: "");
            var life = new Life();

            var fault = await Record.ExceptionAsync(async () => await life.RunAsync(store));

            if (calls.Count < failAt)
            {
                Assert.Null(fault);
                Assert.InRange(failAt, 20, 40); // every call was hit, and there were calls to hit
                return;
            }

            Assert.Equal(isTransient, Assert.IsType<StorageException>(fault).IsTransient);
            Assert.Equal(descriptors, OpenDescriptors.Under(Data));
            await AssertTruthfulAsync(sound, life, afterEffect);
            await new Life().RunAsync(store); // the store itself goes on working
        }
    }

    [Fact]
    public async Task Short_reads_and_writes_are_no_fault()
    {
        using var folder = DataFolder.Open(Data, allowRemoteFileSystem: false, TimeProvider.System);

        await new Life().RunAsync(new FileSystemBlobStore(new FaultyFileCalls(folder.Calls) { Short = true }, root: ""));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_while_a_folder_is_opened_leaves_it_ready_for_the_next_try(string error, bool isTransient, bool afterEffect)
    {
        Require.Linux();
        for (var failAt = 1; ; failAt++)
        {
            var path = _temporary[$"data{failAt}"];
            var root = LinuxDataRoot.Open(path, "FORMAT", allowRemoteFileSystem: false);
            var calls = new FaultyFileCalls(new LinuxFileCalls(root)) { FailAt = failAt, Error = Enum.Parse<Errno>(error), AfterEffect = afterEffect };

            var fault = Record.Exception(() => DataFolder.Open(path, calls, TimeProvider.System).Dispose());

            Assert.Equal(0, OpenDescriptors.Under(path));
            if (calls.Count < failAt)
            {
                Assert.Null(fault);
                Assert.InRange(failAt, 10, 20);
                return;
            }

            Assert.Equal(isTransient, Assert.IsType<StorageException>(fault).IsTransient);
            DataFolder.Open(path, allowRemoteFileSystem: false, TimeProvider.System).Dispose();
        }
    }

    [Fact]
    public async Task After_a_failed_write_the_staged_object_refuses_everything()
    {
        using var folder = DataFolder.Open(Data, allowRemoteFileSystem: false, TimeProvider.System);
        var calls = new FaultyFileCalls(folder.Calls) { FailAt = 2, Error = Errno.ENOSPC };
        await using var staged = (await new FileSystemBlobStore(calls, root: "").StageAsync(BlobKey.Create(TimeProvider.System), 0, parts: null, Token))!;
        await Assert.ThrowsAsync<StorageException>(async () => await staged.AppendAsync(new byte[10], Token));

        await Assert.ThrowsAsync<StorageException>(async () => await staged.AppendAsync(new byte[10], Token));
        await Assert.ThrowsAsync<StorageException>(async () => await staged.SyncAsync(Token));
        await Assert.ThrowsAsync<StorageException>(async () => await staged.ReadAsync(new byte[10], 0, Token));
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "staging")));
    }

    [Fact]
    public async Task A_failed_sync_is_never_tried_again()
    {
        using var folder = DataFolder.Open(Data, allowRemoteFileSystem: false, TimeProvider.System);
        var calls = new FaultyFileCalls(folder.Calls) { FailAt = 3, Error = Errno.EIO };
        await using var staged = (await new FileSystemBlobStore(calls, root: "").StageAsync(BlobKey.Create(TimeProvider.System), 0, parts: null, Token))!;
        await staged.AppendAsync(new byte[10], Token);
        await Assert.ThrowsAsync<StorageException>(async () => await staged.SyncAsync(Token));
        var made = calls.Count;

        await Assert.ThrowsAsync<StorageException>(async () => await staged.SyncAsync(Token));

        Assert.Equal(made, calls.Count);
    }

    [Fact]
    public async Task A_fault_of_a_repeated_commit_does_not_cost_the_object()
    {
        using var folder = DataFolder.Open(Data, allowRemoteFileSystem: false, TimeProvider.System);
        var calls = new FaultyFileCalls(folder.Calls) { Error = Errno.EIO };
        var store = new FileSystemBlobStore(calls, root: "");
        var life = new Life();
        await life.StageAsync(store);
        await store.CommitAsync(life.Key, life.Digest, parts: null, Token);
        calls.FailAt = calls.Count + 4; // the sync of the directory

        await Assert.ThrowsAsync<StorageException>(async () => await store.CommitAsync(life.Key, life.Digest, parts: null, Token));

        Assert.True(await life.IsReadableAsync(store));
    }

    public void Dispose() => _temporary.Dispose();

    private static async Task AssertTruthfulAsync(FileSystemBlobStore store, Life life, bool afterEffect)
    {
        if (life.IsCommitted && !life.IsDeleting)
        {
            Assert.True(await life.IsReadableAsync(store));
        }
        else if (!afterEffect)
        {
            Assert.Equal(life.IsCommitted, await life.IsReadableAsync(store)); // a deletion that failed before its effect deleted nothing
            var left = await store.ListAsync(Token).CountAsync(Token);
            Assert.InRange(left, life.IsCommitted ? 1 : 0, life.IsCommitted || life.IsReopening ? 1 : 0);
        }

        await store.DeleteAsync(life.Key, life.Digest, Token);
        Assert.Empty(await store.ListAsync(Token).ToListAsync(Token));
    }

    /// <summary>Stage, append, go on from an offset, sync, commit, open, read, delete.</summary>
    private sealed class Life
    {
        private readonly byte[] _content = RandomNumberGenerator.GetBytes(50_000);

        public BlobKey Key { get; } = BlobKey.Create(TimeProvider.System);

        public Digest Digest => Digest.Of(_content, DigestAlgorithm.Sha256);

        public bool IsCommitted { get; private set; }

        public bool IsDeleting { get; private set; }

        /// <summary>Whether it was about to be opened to go on: when that fails, what was staged may well stay.</summary>
        public bool IsReopening { get; private set; }

        public async Task RunAsync(FileSystemBlobStore store)
        {
            await StageAsync(store);
            await store.CommitAsync(Key, Digest, parts: null, Token);
            IsCommitted = true;
            Assert.True(await IsReadableAsync(store));
            IsDeleting = true;
            Assert.True(await store.DeleteAsync(Key, Digest, Token));
        }

        public async Task StageAsync(FileSystemBlobStore store)
        {
            await using (var staged = (await store.StageAsync(Key, 0, parts: null, Token))!)
            {
                await staged.AppendAsync(_content.AsMemory(0, 30_000), Token);
                await staged.SyncAsync(Token);
            }

            IsReopening = true;
            await using (var staged = (await store.StageAsync(Key, 20_000, parts: null, Token))!)
            {
                IsReopening = false;
                await staged.AppendAsync(_content.AsMemory(20_000), Token);
                await staged.SyncAsync(Token);
            }
        }

        public async Task<bool> IsReadableAsync(FileSystemBlobStore store)
        {
            using var open = await store.OpenAsync(Key, Digest, Token);
            if (open is null)
            {
                return false;
            }

            var buffer = new byte[open.Length];
            for (int offset = 0, read; offset < buffer.Length; offset += read)
            {
                read = await open.ReadAsync(buffer.AsMemory(offset), offset, Token);
                Assert.NotEqual(0, read);
            }

            Assert.Equal(_content, buffer);
            return true;
        }
    }
}
