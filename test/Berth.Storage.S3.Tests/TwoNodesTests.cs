using System.Security.Cryptography;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.S3.Tests;

/// <summary>Nodes share nothing but the bucket and the notes.</summary>
public sealed class TwoNodesTests(BucketFixture bucket) : IClassFixture<BucketFixture>, IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private S3Options _options = new();
    private S3BlobStore? _first;
    private S3BlobStore? _second;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private S3BlobStore First => _first!;

    private S3BlobStore Second => _second!;

    public async ValueTask InitializeAsync()
    {
        _options = await bucket.NewOptionsAsync();
        (_first, _second) = (BucketFixture.Open(_options), BucketFixture.Open(_options));
    }

    public ValueTask DisposeAsync()
    {
        _first?.Dispose();
        _second?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_upload_goes_on_at_another_node()
    {
        var content = RandomNumberGenerator.GetBytes(13 * MiB);
        var key = NewKey();

        var parts = await First.AppendAsync(key, 0, null, content.AsMemory(0, 1 * MiB), Token);
        parts = await Second.AppendAsync(key, 1 * MiB, parts, content.AsMemory(1 * MiB, 5 * MiB), Token);
        parts = await First.AppendAsync(key, 6 * MiB, parts, content.AsMemory(6 * MiB, 6 * MiB), Token);
        parts = await Second.CompleteAsync(key, 12 * MiB, parts, content.AsMemory(12 * MiB), Token);
        await First.CommitAsync(key, DigestOf(content), parts, Token);

        Assert.Equal(content, await Second.PullAsync(key, Token));
        Assert.Equal([new StoredObject(key, null, content.Length)], await First.ListAsync(Token).ToListAsync(Token));
        Assert.DoesNotContain(await bucket.NamesAsync(_options), name => name.StartsWith("staging/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_shows_at_least_what_an_upload_was_promised()
    {
        var key = NewKey();
        var small = NewKey();
        await First.AppendAsync(small, 0, null, new byte[1000], Token);
        await First.AppendAsync(key, 0, null, new byte[7 * MiB], Token);

        var list = await Second.ListAsync(Token).ToListAsync(Token);

        Assert.Equal(new HashSet<BlobKey> { small, key }, list.Select(item => item.Key).ToHashSet());
        Assert.All(list, item => Assert.Equal(item.Key == key ? 7 * MiB : 1000, item.Size));
    }

    [Fact]
    public async Task Notes_that_do_not_add_up_to_the_offset_are_not_continued()
    {
        var key = NewKey();
        var parts = await First.AppendAsync(key, 0, null, new byte[1000], Token);

        Assert.Null(await First.StageAsync(key, 999, parts, Token));
        Assert.Null(await First.StageAsync(key, 1000, null, Token));
        Assert.Null(await First.StageAsync(key, 1000, "{", Token));
    }

    [Fact]
    public async Task A_tail_that_was_replaced_is_not_continued()
    {
        var key = NewKey();
        var parts = await First.AppendAsync(key, 0, null, new byte[1000], Token);
        var tail = Assert.Single(await bucket.NamesAsync(_options));

        await bucket.Client.PutObjectAsync(
            new() { BucketName = bucket.Bucket, Key = _options.RootPrefix + tail, InputStream = new MemoryStream(RandomNumberGenerator.GetBytes(1000)) }, Token);

        await Assert.ThrowsAsync<StorageException>(async () => await Second.StageAsync(key, 1000, parts, Token));
    }

    [Fact]
    public async Task Of_two_nodes_that_write_the_same_part_one_commits_at_most()
    {
        var start = RandomNumberGenerator.GetBytes(6 * MiB);
        var (mine, other) = (RandomNumberGenerator.GetBytes(6 * MiB), RandomNumberGenerator.GetBytes(6 * MiB));
        var key = NewKey();
        var parts = await First.AppendAsync(key, 0, null, start, Token);

        var first = await First.CompleteAsync(key, 6 * MiB, parts, mine, Token);
        var second = await Second.CompleteAsync(key, 6 * MiB, parts, other, Token); // the last to write its parts

        await Assert.ThrowsAsync<StorageException>(async () => await First.CommitAsync(key, DigestOf([.. start, .. mine]), first, Token));
        await Second.CommitAsync(key, DigestOf([.. start, .. other]), second, Token);
        byte[] whole = [.. start, .. other];
        Assert.Equal(whole, await First.PullAsync(key, Token));
        await Assert.ThrowsAsync<StorageException>(async () => await First.CommitAsync(key, DigestOf([.. start, .. mine]), first, Token));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(6 * MiB)]
    public async Task A_node_that_comes_late_with_as_many_bytes_does_not_commit(int size)
    {
        var (mine, other) = (RandomNumberGenerator.GetBytes(size), RandomNumberGenerator.GetBytes(size));
        var key = NewKey();
        var second = size == 1000 ? null : await Second.CompleteAsync(key, 0, null, other, Token);
        await First.PushAsync(key, mine, Token);

        second ??= await Second.CompleteAsync(key, 0, null, other, Token);
        var fault = await Assert.ThrowsAsync<StorageException>(async () => await Second.CommitAsync(key, DigestOf(other), second, Token));

        Assert.False(fault.IsTransient);
        Assert.Equal(mine, await Second.PullAsync(key, Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(6 * MiB)]
    public async Task Another_node_finishes_what_was_complete_when_its_node_died(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var key = NewKey();
        var parts = await First.CompleteAsync(key, 0, null, content, Token);

        var again = await Second.CompleteAsync(key, size, size == 0 ? null : parts, ReadOnlyMemory<byte>.Empty, Token);
        await Second.CommitAsync(key, DigestOf(content), again, Token);
        await Second.CommitAsync(key, DigestOf(content), parts, Token); // it died once more, after its commit

        Assert.Equal(content, await First.PullAsync(key, Token));
        Assert.Equal(0, await bucket.CountMultipartsAsync(_options));
    }

    [Fact]
    public async Task An_upload_that_nobody_noted_leaves_no_parts()
    {
        await using (var staged = (await First.StageAsync(NewKey(), 0, null, Token))!)
        {
            await staged.AppendAsync(new byte[6 * MiB], Token);
        }

        Assert.Equal(0, await bucket.CountMultipartsAsync(_options));
    }

    [Fact]
    public async Task A_deletion_removes_parts_and_tails()
    {
        var key = NewKey();
        var neighbour = NewKey();
        await First.AppendAsync(key, 0, null, new byte[7 * MiB], Token);
        await First.AppendAsync(neighbour, 0, null, new byte[7 * MiB], Token);

        Assert.True(await Second.DeleteAsync(key, null, Token));

        Assert.Equal([neighbour], await First.ListAsync(Token).Select(item => item.Key).ToListAsync(Token));
        Assert.Equal(1, await bucket.CountMultipartsAsync(_options));
        Assert.False(await Second.DeleteAsync(key, null, Token));
    }
}
