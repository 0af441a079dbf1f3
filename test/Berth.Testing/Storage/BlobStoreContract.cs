using System.Security.Cryptography;
using System.Text;
using Berth.Oci;
using Berth.Storage;

namespace Berth.Testing.Storage;

/// <summary>What every <see cref="IBlobStore"/> promises. A store proves itself by deriving from this class.</summary>
public abstract class BlobStoreContract
{
    private static readonly byte[] Hello = Encoding.UTF8.GetBytes("hello");
    private static readonly Digest HelloDigest = Digest.Of(Hello, DigestAlgorithm.Sha256);

    /// <summary>The store under test, empty when a test begins.</summary>
    protected abstract IBlobStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blob_is_invisible_until_its_commit()
    {
        var key = NewKey();
        var parts = await StageAsync(key, Hello);
        Assert.Null(await Store.OpenAsync(key, HelloDigest, Token));

        await using (var staged = (await Store.StageAsync(key, 5, parts, Token))!)
        {
            parts = await staged.CompleteAsync(Token);
        }

        await Store.CommitAsync(key, HelloDigest, parts, Token);

        Assert.Equal(Hello, await ReadAsync(key, HelloDigest));
    }

    [Fact]
    public async Task A_blob_is_found_only_under_its_own_key_and_digest()
    {
        var key = await CommitAsync(Hello);

        Assert.Null(await Store.OpenAsync(NewKey(), HelloDigest, Token));
        if (!Store.KnowsDigests)
        {
            return;
        }

        Assert.Null(await Store.OpenAsync(key, Digest.Of([], DigestAlgorithm.Sha256), Token));
        Assert.Null(await Store.OpenAsync(key, Digest.Of(Hello, DigestAlgorithm.Sha512), Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData((5 * 1024 * 1024) + 1)]
    public async Task What_is_read_is_what_was_appended(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);

        var key = await CommitAsync(content, 100_000);

        Assert.Equal(content, await ReadAsync(key, Digest.Of(content, DigestAlgorithm.Sha256)));
    }

    [Fact]
    public async Task A_blob_may_be_committed_under_sha512()
    {
        var digest = Digest.Of(Hello, DigestAlgorithm.Sha512);
        var key = NewKey();

        await CommitAsync(key, digest, Hello);

        Assert.Equal(Hello, await ReadAsync(key, digest));
    }

    [Fact]
    public async Task What_was_appended_can_be_read_back_before_the_commit()
    {
        await using var staged = (await Store.StageAsync(NewKey(), 0, parts: null, Token))!;
        await staged.AppendAsync(Hello, Token);
        var buffer = new byte[16];
        if (!staged.CanRead)
        {
            return;
        }

        Assert.Equal(5, await staged.ReadAsync(buffer, 0, Token));
        Assert.Equal(Hello, buffer[..5]);
        Assert.Equal(2, await staged.ReadAsync(buffer, 3, Token));
        Assert.Equal(0, await staged.ReadAsync(buffer, 5, Token));
        Assert.Equal(5, staged.Length);
    }

    [Fact]
    public async Task An_upload_goes_on_where_it_stopped()
    {
        var key = NewKey();
        var parts = await StageAsync(key, Hello.AsMemory(0, 2));

        await using (var staged = (await Store.StageAsync(key, 2, parts, Token))!)
        {
            Assert.Equal(2, staged.Length);
            await staged.AppendAsync(Hello.AsMemory(2), Token);
            parts = await staged.CompleteAsync(Token);
        }

        await Store.CommitAsync(key, HelloDigest, parts, Token);
        Assert.Equal(Hello, await ReadAsync(key, HelloDigest));
    }

    [Fact]
    public async Task What_lies_beyond_the_offset_is_cut_off()
    {
        var key = NewKey();
        var parts = await StageAsync(key, Hello);
        await using (var longer = (await Store.StageAsync(key, 5, parts, Token))!)
        {
            await longer.AppendAsync(", world"u8.ToArray(), Token);
            await longer.SyncAsync(Token); // nobody records it
        }

        await using (var staged = (await Store.StageAsync(key, 5, parts, Token))!)
        {
            Assert.Equal(5, staged.Length);
            Assert.True(!staged.CanRead || await staged.ReadAsync(new byte[1], 5, Token) == 0);
            parts = await staged.CompleteAsync(Token);
        }

        await Store.CommitAsync(key, HelloDigest, parts, Token);
        Assert.Equal(Hello, await ReadAsync(key, HelloDigest));
    }

    [Fact]
    public async Task Bytes_that_are_not_there_cannot_be_continued()
    {
        var key = NewKey();
        Assert.Null(await Store.StageAsync(key, 1, parts: null, Token));
        var parts = await StageAsync(key, Hello);

        Assert.Null(await Store.StageAsync(key, 6, parts, Token));
        await using var staged = await Store.StageAsync(key, 5, parts, Token);
        Assert.NotNull(staged);
    }

    [Fact]
    public async Task Staging_from_zero_empties_what_was_staged()
    {
        var key = NewKey();
        await StageAsync(key, "something longer"u8.ToArray());

        await CommitAsync(key, HelloDigest, Hello);

        Assert.Equal(Hello, await ReadAsync(key, HelloDigest));
    }

    [Fact]
    public async Task A_commit_may_be_repeated()
    {
        var key = NewKey();
        var parts = await StageAsync(key, Hello, isComplete: true);
        await Store.CommitAsync(key, HelloDigest, parts, Token);

        await Store.CommitAsync(key, HelloDigest, parts, Token);

        Assert.Equal(Hello, await ReadAsync(key, HelloDigest));
    }

    [Fact]
    public async Task A_commit_may_be_repeated_with_the_same_bytes_staged_again()
    {
        var key = await CommitAsync(Hello);

        await CommitAsync(key, HelloDigest, Hello);

        Assert.Equal(Hello, await ReadAsync(key, HelloDigest));
        Assert.Equal([new StoredObject(key, Known(HelloDigest), 5)], await ListAsync());
    }

    [Fact]
    public async Task A_committed_object_is_never_replaced()
    {
        var key = await CommitAsync(Hello);

        var fault = await Assert.ThrowsAsync<StorageException>(() => CommitAsync(key, HelloDigest, "something else"u8.ToArray()));

        Assert.False(fault.IsTransient);
        Assert.Equal(Hello, await ReadAsync(key, HelloDigest));
    }

    [Fact]
    public async Task Nothing_cannot_be_committed()
    {
        if (!Store.KnowsDigests)
        {
            return; // there, an object without parts has its name before the commit
        }

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await Store.CommitAsync(NewKey(), HelloDigest, parts: null, Token));

        Assert.False(fault.IsTransient);
    }

    [Fact]
    public async Task Two_keys_of_one_digest_live_and_die_apart()
    {
        var first = await CommitAsync(Hello);
        var second = await CommitAsync(Hello);

        Assert.True(await Store.DeleteAsync(first, HelloDigest, Token));

        Assert.Null(await Store.OpenAsync(first, HelloDigest, Token));
        Assert.Equal(Hello, await ReadAsync(second, HelloDigest));
    }

    [Fact]
    public async Task A_staged_object_can_be_deleted_with_or_without_a_digest()
    {
        var (first, second) = (NewKey(), NewKey());
        var parts = await StageAsync(first, Hello);
        await StageAsync(second, Hello);

        Assert.True(await Store.DeleteAsync(first, null, Token));
        Assert.True(await Store.DeleteAsync(second, Store.KnowsDigests ? HelloDigest : null, Token));

        Assert.Empty(await ListAsync());
        Assert.Null(await Store.StageAsync(first, 5, parts, Token));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_says_so()
    {
        var key = await CommitAsync(Hello);
        await Store.DeleteAsync(key, HelloDigest, Token);

        Assert.False(await Store.DeleteAsync(key, HelloDigest, Token));
        Assert.False(await Store.DeleteAsync(NewKey(), null, Token));
    }

    [Fact]
    public async Task A_committed_object_is_not_deleted_without_its_digest_if_it_has_one()
    {
        var key = await CommitAsync(Hello);

        Assert.Equal(!Store.KnowsDigests, await Store.DeleteAsync(key, null, Token));

        using var content = await Store.OpenAsync(key, HelloDigest, Token);
        Assert.Equal(Store.KnowsDigests, content is not null);
    }

    [Fact]
    public async Task Deleting_does_not_disturb_a_reader()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var key = await CommitAsync(content);
        using var open = (await Store.OpenAsync(key, digest, Token))!;
        var buffer = new byte[100_000];
        await open.ReadAsync(buffer.AsMemory(0, 1000), 0, Token);

        Assert.True(await Store.DeleteAsync(key, digest, Token));

        await FillAsync(open, buffer, 1000);
        Assert.Equal(content, buffer);
    }

    [Fact]
    public async Task The_list_shows_staged_and_committed_objects()
    {
        var committed = await CommitAsync(Hello);
        var staged = NewKey();
        await StageAsync(staged, "more bytes"u8.ToArray());
        var deleted = await CommitAsync(Hello);
        await Store.DeleteAsync(deleted, HelloDigest, Token);
        var sha512 = Digest.Of(Hello, DigestAlgorithm.Sha512);
        var other = NewKey();
        await CommitAsync(other, sha512, Hello);

        var list = await ListAsync();

        Assert.Equal(3, list.Count);
        Assert.Contains(new StoredObject(committed, Known(HelloDigest), 5), list);
        Assert.Contains(new StoredObject(staged, null, 10), list);
        Assert.Contains(new StoredObject(other, Known(sha512), 5), list);
    }

    [Fact]
    public async Task Reading_at_or_beyond_the_end_gives_nothing()
    {
        var key = await CommitAsync(Hello);
        using var open = (await Store.OpenAsync(key, HelloDigest, Token))!;
        var buffer = new byte[8];

        Assert.Equal(5, open.Length);
        Assert.Equal(1, await open.ReadAsync(buffer, 4, Token));
        Assert.Equal(0, await open.ReadAsync(buffer, 5, Token));
        Assert.Equal(0, await open.ReadAsync(buffer, 1L << 40, Token));
    }

    [Fact]
    public async Task Many_write_and_read_at_once()
    {
        var blobs = await Task.WhenAll(Enumerable.Range(0, 32).Select(async number =>
        {
            await Task.Yield();
            var content = RandomNumberGenerator.GetBytes(number * 1000);
            return (Content: content, Key: await CommitAsync(content, 777));
        }));

        await Task.WhenAll(blobs.Select(async blob =>
        {
            await Task.Yield();
            Assert.Equal(blob.Content, await ReadAsync(blob.Key, Digest.Of(blob.Content, DigestAlgorithm.Sha256)));
        }));
        Assert.Equal(32, (await ListAsync()).Count);
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        var key = await CommitAsync(Hello);
        var staged = NewKey();
        var parts = await StageAsync(staged, Hello);
        await using var open = (await Store.StageAsync(staged, 5, parts, Token))!;
        using var content = (await Store.OpenAsync(key, HelloDigest, Token))!;

        await Cancelled(async () => await Store.OpenAsync(key, HelloDigest, cancelled));
        await Cancelled(async () => await content.ReadAsync(new byte[1], 0, cancelled));
        await Cancelled(async () => await Store.StageAsync(NewKey(), 0, parts: null, cancelled));
        await Cancelled(async () => await open.AppendAsync(Hello, cancelled));
        await Cancelled(async () => await open.SyncAsync(cancelled));
        await Cancelled(async () => await open.CompleteAsync(cancelled));
        await Cancelled(async () => await open.ReadAsync(new byte[1], 0, cancelled));
        await Cancelled(async () => await Store.CommitAsync(staged, HelloDigest, parts, cancelled));
        await Cancelled(async () => await Store.DeleteAsync(key, HelloDigest, cancelled));
        await Cancelled(async () => await Store.ListAsync(cancelled).CountAsync(Token));

        Assert.Equal(5, open.Length);
        Assert.Equal(2, (await ListAsync()).Count);

        static async Task Cancelled(Func<Task> call) => await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
    }

    private Digest? Known(Digest digest) => Store.KnowsDigests ? digest : null;

    private static BlobKey NewKey() => BlobKey.Create(TimeProvider.System);

    private static async Task FillAsync(IBlobContent content, byte[] buffer, int from)
    {
        for (var offset = from; offset < buffer.Length;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(offset), offset, Token);
            Assert.NotEqual(0, read);
            offset += read;
        }
    }

    private async Task<BlobKey> CommitAsync(ReadOnlyMemory<byte> content, int pieces = int.MaxValue)
    {
        var key = NewKey();
        await CommitAsync(key, Digest.Of(content.Span, DigestAlgorithm.Sha256), content, pieces);
        return key;
    }

    private async Task CommitAsync(BlobKey key, Digest digest, ReadOnlyMemory<byte> content, int pieces = int.MaxValue) =>
        await Store.CommitAsync(key, digest, await StageAsync(key, content, isComplete: true, pieces), Token);

    /// <returns>What the store has to be told.</returns>
    private async Task<string?> StageAsync(BlobKey key, ReadOnlyMemory<byte> content, bool isComplete = false, int pieces = int.MaxValue)
    {
        await using var staged = (await Store.StageAsync(key, 0, parts: null, Token))!;
        Assert.Equal(0, staged.Length);
        for (var rest = content; !rest.IsEmpty; rest = rest[Math.Min(pieces, rest.Length)..])
        {
            await staged.AppendAsync(rest[..Math.Min(pieces, rest.Length)], Token);
        }

        Assert.Equal(content.Length, staged.Length);
        return isComplete ? await staged.CompleteAsync(Token) : await staged.SyncAsync(Token);
    }

    private async Task<byte[]> ReadAsync(BlobKey key, Digest digest)
    {
        using var content = await Store.OpenAsync(key, digest, Token);
        Assert.NotNull(content);
        var buffer = new byte[content.Length];
        await FillAsync(content, buffer, 0);
        Assert.Equal(0, await content.ReadAsync(new byte[1], content.Length, Token));
        return buffer;
    }

    private async Task<List<StoredObject>> ListAsync() => await Store.ListAsync(Token).ToListAsync(Token);
}
