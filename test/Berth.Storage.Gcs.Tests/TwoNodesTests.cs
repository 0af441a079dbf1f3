using System.Security.Cryptography;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.Gcs.Tests;

/// <summary>Nodes share nothing but the bucket and the notes.</summary>
public sealed class TwoNodesTests : IClassFixture<BucketFixture>, IDisposable
{
    private const int Chunk = BucketFixture.Chunk;

    private readonly BucketFixture _bucket;
    private readonly GcsOptions _options;
    private readonly GcsBlobStore _first;
    private readonly GcsBlobStore _second;

    public TwoNodesTests(BucketFixture bucket)
    {
        (_bucket, _options) = (bucket, bucket.NewOptions());
        (_first, _second) = (BucketFixture.Open(_options), BucketFixture.Open(_options));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task What_was_stored_whole_by_a_request_that_died_is_accepted_again_in_pieces_and_nothing_else_is()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        var key = NewKey();
        await _first.CompleteAsync(key, 0, null, content, Token); // its row was never told

        var parts = await _second.AppendAsync(key, 0, null, content.AsMemory(0, 40_000), Token);
        parts = await _second.CompleteAsync(key, 40_000, parts, content.AsMemory(40_000), Token);
        await Assert.ThrowsAsync<StorageException>(async () => await _second.CommitAsync(key, DigestOf([1]), parts, Token));
        await _second.CommitAsync(key, DigestOf(content), parts, Token);

        Assert.Equal(content, await _first.PullAsync(key, Token));
    }

    [Fact]
    public async Task An_upload_goes_on_at_another_node()
    {
        var content = RandomNumberGenerator.GetBytes(6 * Chunk);
        var key = NewKey();

        var parts = await _first.AppendAsync(key, 0, null, content.AsMemory(0, 1000), Token);
        parts = await _second.AppendAsync(key, 1000, parts, content.AsMemory(1000, 2 * Chunk), Token);
        parts = await _first.AppendAsync(key, 1000 + (2 * Chunk), parts, content.AsMemory(1000 + (2 * Chunk), Chunk), Token);
        parts = await _second.CompleteAsync(key, 1000 + (3 * Chunk), parts, content.AsMemory(1000 + (3 * Chunk)), Token);
        await _first.CommitAsync(key, DigestOf(content), parts, Token);

        Assert.Equal(content, await _second.PullAsync(key, Token));
        Assert.Equal([new StoredObject(key, null, content.Length)], await _first.ListAsync(Token).ToListAsync(Token));
        Assert.Single(_bucket.Names(_options));
    }

    [Fact]
    public async Task An_upload_of_many_requests_has_short_notes()
    {
        var content = RandomNumberGenerator.GetBytes(100 * 1000);
        var key = NewKey();
        string? parts = null;

        for (var offset = 0; offset < content.Length; offset += 1000)
        {
            parts = await (offset % 3 == 0 ? _first : _second).AppendAsync(key, offset, parts, content.AsMemory(offset, 1000), Token);
            Assert.True(parts!.Length < 4000, parts);
        }

        parts = await _second.CompleteAsync(key, content.Length, parts, ReadOnlyMemory<byte>.Empty, Token);
        await _first.CommitAsync(key, DigestOf(content), parts, Token);

        Assert.Equal(content, await _second.PullAsync(key, Token));
        Assert.Single(_bucket.Names(_options));
    }

    [Fact]
    public async Task An_upload_of_many_chunks_in_one_request_arrives()
    {
        var content = RandomNumberGenerator.GetBytes((70 * Chunk) + 1);
        var key = NewKey();

        await _first.PushAsync(key, content, Token);

        Assert.Equal(content, await _second.PullAsync(key, Token));
        Assert.Single(_bucket.Names(_options));
    }

    [Fact]
    public async Task The_list_shows_what_an_upload_was_promised()
    {
        var (large, small, empty) = (NewKey(), NewKey(), NewKey());
        await _first.AppendAsync(small, 0, null, new byte[1000], Token);
        await _first.AppendAsync(large, 0, null, new byte[3 * Chunk], Token);
        await _first.PushAsync(empty, [], Token);

        var list = await _second.ListAsync(Token).ToListAsync(Token);

        Assert.Equal(
            new HashSet<StoredObject> { new(small, null, 1000), new(large, null, 3 * Chunk), new(empty, null, 0) }, list.ToHashSet());
    }

    [Fact]
    public async Task What_was_sent_and_not_noted_is_in_no_object()
    {
        var content = RandomNumberGenerator.GetBytes(3 * Chunk);
        var key = NewKey();
        var parts = await _first.AppendAsync(key, 0, null, content.AsMemory(0, Chunk), Token);
        await _first.AppendAsync(key, Chunk, parts, new byte[2 * Chunk], Token); // nobody recorded it: the node died

        parts = await _second.CompleteAsync(key, Chunk, parts, content.AsMemory(Chunk), Token);
        await _second.CommitAsync(key, DigestOf(content), parts, Token);

        Assert.Equal(content, await _first.PullAsync(key, Token));
        Assert.Single(_bucket.Names(_options));
    }

    [Fact]
    public async Task A_node_that_was_paused_cannot_put_its_bytes_between_those_of_another()
    {
        var content = RandomNumberGenerator.GetBytes(4 * Chunk);
        var key = NewKey();
        var parts = await _first.AppendAsync(key, 0, null, content.AsMemory(0, Chunk), Token);
        await using var paused = (await _first.StageAsync(key, Chunk, parts, Token))!;
        await using var other = (await _second.StageAsync(key, Chunk, parts, Token))!;

        for (var offset = Chunk; offset < content.Length; offset += Chunk / 2)
        {
            await other.AppendAsync(content.AsMemory(offset, Chunk / 2), Token);
            await paused.AppendAsync(new byte[Chunk / 2], Token);
        }

        await paused.SyncAsync(Token);
        parts = await other.CompleteAsync(Token);
        await _second.CommitAsync(key, DigestOf(content), parts, Token);
        Assert.Equal(content, await _first.PullAsync(key, Token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"p":null,"c":0}""")]
    [InlineData("""{"p":[],"c":0}""")]
    [InlineData("""{"p":[null],"c":0}""")]
    [InlineData("""{"p":[{"n":null,"g":1,"s":1000}],"c":0}""")]
    [InlineData("""{"p":[{"n":"../../blobs/00/0","g":1,"s":1000}],"c":0}""")]
    [InlineData("""{"p":[{"n":"0123456789abcdef0123456789abcdef","g":1,"s":1000}],"c":0}""")]
    [InlineData("""{"p":[{"n":"0123456789abcdef0123456789abcdef","g":1,"s":9223372036854775807},{"n":"0123456789abcdef0123456789abcdef","g":1,"s":9223372036854775807}],"c":0}""")]
    [InlineData("""{"p":[{"n":"0123456789abcdef0123456789abcdef","g":1,"s":2000},{"n":"0123456789abcdef0123456789abcdef","g":1,"s":-1000}],"c":0}""")]
    public async Task Notes_that_nobody_wrote_are_not_continued_and_not_committed(string? notes)
    {
        var key = NewKey();
        await _first.AppendAsync(key, 0, null, new byte[1000], Token);

        Assert.Null(await _first.StageAsync(key, 1000, notes, Token));
        var fault = await Assert.ThrowsAsync<StorageException>(async () => await _first.CommitAsync(key, DigestOf(new byte[1000]), notes, Token));
        Assert.False(fault.IsTransient);
    }

    [Fact]
    public async Task Notes_that_do_not_add_up_to_the_offset_are_not_continued()
    {
        var key = NewKey();
        var parts = await _first.AppendAsync(key, 0, null, new byte[1000], Token);

        Assert.Null(await _first.StageAsync(key, 999, parts, Token));
        Assert.Null(await _first.StageAsync(NewKey(), 1000, parts, Token));
    }

    [Fact]
    public async Task Parts_that_are_gone_are_not_continued_and_not_committed()
    {
        var key = NewKey();
        var parts = await _first.AppendAsync(key, 0, null, new byte[1000], Token);
        await _second.DeleteAsync(key, null, Token);

        Assert.Null(await _first.StageAsync(key, 1000, parts, Token));
        var fault = await Assert.ThrowsAsync<StorageException>(async () => await _first.CommitAsync(key, DigestOf(new byte[1000]), parts, Token));
        Assert.False(fault.IsTransient);
        await _first.AppendAsync(key, 0, null, new byte[1000], Token);
        Assert.Null(await _first.StageAsync(key, 1000, parts, Token));
    }

    [Fact]
    public async Task A_part_that_somebody_replaced_is_not_continued_and_not_committed()
    {
        var key = NewKey();
        var parts = await _first.AppendAsync(key, 0, null, new byte[1000], Token);
        _bucket.Server.Objects.Replace(_options.RootPrefix + Assert.Single(_bucket.Names(_options)), RandomNumberGenerator.GetBytes(1000));

        Assert.Null(await _first.StageAsync(key, 1000, parts, Token));
        await Assert.ThrowsAsync<StorageException>(async () => await _first.CommitAsync(key, DigestOf(new byte[1000]), parts, Token));
        Assert.Null(await _first.PullAsync(key, Token));
    }

    [Fact]
    public async Task A_node_that_was_paused_cannot_commit_what_was_deleted_meanwhile()
    {
        var content = RandomNumberGenerator.GetBytes(2 * Chunk);
        var (staged, beside) = (NewKey(), NewKey());
        var late = await _first.CompleteAsync(staged, 0, null, content, Token);
        await _second.PushAsync(beside, [1, 2, 3], Token);
        var lateBeside = await _first.CompleteAsync(beside, 0, null, content, Token);

        Assert.True(await _second.DeleteAsync(staged, null, Token));
        Assert.True(await _second.DeleteAsync(beside, null, Token));

        await Assert.ThrowsAsync<StorageException>(async () => await _first.CommitAsync(staged, DigestOf(content), late, Token));
        await Assert.ThrowsAsync<StorageException>(async () => await _first.CommitAsync(beside, DigestOf(content), lateBeside, Token));
        Assert.Empty(_bucket.Names(_options));
    }

    [Fact]
    public async Task Of_two_nodes_that_go_on_with_one_upload_one_commits()
    {
        var start = RandomNumberGenerator.GetBytes(2 * Chunk);
        var (mine, other) = (RandomNumberGenerator.GetBytes(1000), RandomNumberGenerator.GetBytes(1000));
        var key = NewKey();
        var parts = await _first.AppendAsync(key, 0, null, start, Token);
        var first = await _first.CompleteAsync(key, start.Length, parts, mine, Token);
        var second = await _second.CompleteAsync(key, start.Length, parts, other, Token);

        await _second.CommitAsync(key, DigestOf([.. start, .. other]), second, Token);

        await Assert.ThrowsAsync<StorageException>(async () => await _first.CommitAsync(key, DigestOf([.. start, .. mine]), first, Token));
        byte[] whole = [.. start, .. other];
        Assert.Equal(whole, await _first.PullAsync(key, Token));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(2 * Chunk)]
    public async Task A_node_that_comes_late_with_as_many_bytes_does_not_commit(int size)
    {
        var (mine, other) = (RandomNumberGenerator.GetBytes(size), RandomNumberGenerator.GetBytes(size));
        var key = NewKey();
        await _first.PushAsync(key, mine, Token);

        var fault = await Assert.ThrowsAsync<StorageException>(() => _second.PushAsync(key, other, Token));

        Assert.False(fault.IsTransient);
        Assert.Equal(mine, await _second.PullAsync(key, Token));
    }

    [Fact]
    public async Task Another_node_finishes_what_was_complete_when_its_node_died()
    {
        var content = RandomNumberGenerator.GetBytes(2 * Chunk);
        var key = NewKey();
        var parts = await _first.CompleteAsync(key, 0, null, content, Token);
        await _first.CommitAsync(key, DigestOf(content), parts, Token);

        var again = await _second.CompleteAsync(key, content.Length, parts, ReadOnlyMemory<byte>.Empty, Token);
        await _second.CommitAsync(key, DigestOf(content), again, Token);

        Assert.Equal(content, await _first.PullAsync(key, Token));
    }

    [Fact]
    public async Task A_deletion_removes_parts_beside_a_committed_object_and_no_others()
    {
        var (key, neighbour) = (NewKey(), NewKey());
        await _first.PushAsync(key, [1, 2, 3], Token);
        await _second.AppendAsync(key, 0, null, new byte[1000], Token); // a node that comes late
        await _first.AppendAsync(neighbour, 0, null, new byte[1000], Token);

        Assert.True(await _second.DeleteAsync(key, null, Token));

        Assert.Equal([neighbour], await _first.ListAsync(Token).Select(item => item.Key).ToListAsync(Token));
        Assert.Single(_bucket.Names(_options));
        Assert.False(await _second.DeleteAsync(key, null, Token));
    }

    [Fact]
    public async Task Names_that_are_not_ours_are_left_alone()
    {
        foreach (var name in new[] { "blobs/x", $"blobs/00/{new string('0', 31)}1", "staging/x/y", $"staging/{new string('0', 32)}/short" })
        {
            _bucket.Server.Objects.Replace(_options.RootPrefix + name, [1]);
        }

        Assert.Empty(await _first.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task An_object_that_somebody_replaces_is_not_read_on()
    {
        var key = NewKey();
        var content = RandomNumberGenerator.GetBytes(1000);
        await _first.PushAsync(key, content, Token);
        using var open = (await _first.OpenAsync(key, DigestOf(content), Token))!;
        _bucket.Server.Objects.Replace(_options.RootPrefix + Assert.Single(_bucket.Names(_options)), RandomNumberGenerator.GetBytes(1000));

        var fault = await Assert.ThrowsAsync<StorageException>(async () => await open.ReadAsync(new byte[10], 0, Token));

        Assert.False(fault.IsTransient);
    }
}
