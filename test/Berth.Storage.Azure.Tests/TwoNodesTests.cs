using System.Security.Cryptography;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.Azure.Tests;

/// <summary>Nodes share nothing but the container and the notes.</summary>
public sealed class TwoNodesTests(ContainerFixture container) : IClassFixture<ContainerFixture>, IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private AzureOptions _options = new();
    private AzureBlobStore? _first;
    private AzureBlobStore? _second;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AzureBlobStore First => _first!;

    private AzureBlobStore Second => _second!;

    public async ValueTask InitializeAsync()
    {
        _options = await container.NewOptionsAsync();
        (_first, _second) = (ContainerFixture.Open(_options), ContainerFixture.Open(_options));
    }

    public ValueTask DisposeAsync()
    {
        _first?.Dispose();
        _second?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_stored_whole_by_a_request_that_died_is_accepted_again_in_pieces_and_nothing_else_is()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        var key = NewKey();
        await First.CompleteAsync(key, 0, null, content, Token); // its row was never told

        var parts = await Second.AppendAsync(key, 0, null, content.AsMemory(0, 40_000), Token);
        parts = await Second.CompleteAsync(key, 40_000, parts, content.AsMemory(40_000), Token);
        await Assert.ThrowsAsync<StorageException>(async () => await Second.CommitAsync(key, DigestOf([1]), parts, Token));
        await Second.CommitAsync(key, DigestOf(content), parts, Token);

        Assert.Equal(content, await First.PullAsync(key, Token));
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
    }

    [Fact]
    public async Task The_list_shows_what_an_upload_was_promised()
    {
        var (large, small, empty) = (NewKey(), NewKey(), NewKey());
        await First.AppendAsync(small, 0, null, new byte[1000], Token);
        await First.AppendAsync(large, 0, null, new byte[7 * MiB], Token);
        await First.PushAsync(empty, [], Token);

        var list = await Second.ListAsync(Token).ToListAsync(Token);

        Assert.Equal(
            new HashSet<StoredObject> { new(small, null, 1000), new(large, null, 7 * MiB), new(empty, null, 0) }, list.ToHashSet());
    }

    [Fact]
    public async Task Notes_that_do_not_add_up_to_the_offset_are_not_continued()
    {
        var key = NewKey();
        var parts = await First.AppendAsync(key, 0, null, new byte[1000], Token);

        Assert.Null(await First.StageAsync(key, 999, parts, Token));
        Assert.Null(await First.StageAsync(key, 1000, null, Token));
        Assert.Null(await First.StageAsync(key, 1000, "{", Token));
        Assert.Null(await First.StageAsync(key, 1000, "{}", Token));
    }

    [Fact]
    public async Task Blocks_that_are_gone_are_not_continued_and_not_committed()
    {
        var key = NewKey();
        var parts = await First.AppendAsync(key, 0, null, new byte[1000], Token);
        await Second.DeleteAsync(key, null, Token);

        Assert.Null(await First.StageAsync(key, 1000, parts, Token));
        var fault = await Assert.ThrowsAsync<StorageException>(async () => await First.CommitAsync(key, DigestOf(new byte[1000]), parts, Token));
        Assert.False(fault.IsTransient);
        await First.AppendAsync(key, 0, null, new byte[1000], Token);
        Assert.Null(await First.StageAsync(key, 1000, parts, Token));
    }

    [Fact]
    public async Task A_node_that_was_paused_cannot_commit_what_was_deleted_meanwhile()
    {
        var content = RandomNumberGenerator.GetBytes(6 * MiB);
        var (staged, beside) = (NewKey(), NewKey());
        var late = await First.CompleteAsync(staged, 0, null, content, Token);
        await Second.PushAsync(beside, [1, 2, 3], Token);
        var lateBeside = await First.CompleteAsync(beside, 0, null, content, Token);

        Assert.True(await Second.DeleteAsync(staged, null, Token));
        Assert.True(await Second.DeleteAsync(beside, null, Token));

        await Assert.ThrowsAsync<StorageException>(async () => await First.CommitAsync(staged, DigestOf(content), late, Token));
        await Assert.ThrowsAsync<StorageException>(async () => await First.CommitAsync(beside, DigestOf(content), lateBeside, Token));
        Assert.Empty(await container.NamesAsync(_options));
    }

    [Fact]
    public async Task Of_two_nodes_that_go_on_with_one_upload_one_commits()
    {
        var start = RandomNumberGenerator.GetBytes(6 * MiB);
        var (mine, other) = (RandomNumberGenerator.GetBytes(1 * MiB), RandomNumberGenerator.GetBytes(1 * MiB));
        var key = NewKey();
        var parts = await First.AppendAsync(key, 0, null, start, Token);
        var first = await First.CompleteAsync(key, 6 * MiB, parts, mine, Token);
        var second = await Second.CompleteAsync(key, 6 * MiB, parts, other, Token);

        await Second.CommitAsync(key, DigestOf([.. start, .. other]), second, Token);

        await Assert.ThrowsAsync<StorageException>(async () => await First.CommitAsync(key, DigestOf([.. start, .. mine]), first, Token));
        byte[] whole = [.. start, .. other];
        Assert.Equal(whole, await First.PullAsync(key, Token));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(6 * MiB)]
    public async Task A_node_that_comes_late_with_as_many_bytes_does_not_commit(int size)
    {
        var (mine, other) = (RandomNumberGenerator.GetBytes(size), RandomNumberGenerator.GetBytes(size));
        var key = NewKey();
        await First.PushAsync(key, mine, Token);

        var fault = await Assert.ThrowsAsync<StorageException>(() => Second.PushAsync(key, other, Token));

        Assert.False(fault.IsTransient);
        Assert.Equal(mine, await Second.PullAsync(key, Token));
    }

    [Fact]
    public async Task Another_node_finishes_what_was_complete_when_its_node_died()
    {
        var content = RandomNumberGenerator.GetBytes(6 * MiB);
        var key = NewKey();
        var parts = await First.CompleteAsync(key, 0, null, content, Token);
        await First.CommitAsync(key, DigestOf(content), parts, Token);

        var again = await Second.CompleteAsync(key, content.Length, parts, ReadOnlyMemory<byte>.Empty, Token);
        await Second.CommitAsync(key, DigestOf(content), again, Token);

        Assert.Equal(content, await First.PullAsync(key, Token));
    }

    [Fact]
    public async Task A_deletion_removes_blocks_beside_a_committed_object_too()
    {
        var (key, neighbour) = (NewKey(), NewKey());
        await First.PushAsync(key, [1, 2, 3], Token);
        await Second.AppendAsync(key, 0, null, new byte[1000], Token); // a node that comes late
        await First.AppendAsync(neighbour, 0, null, new byte[1000], Token);

        Assert.True(await Second.DeleteAsync(key, null, Token));

        Assert.Equal([neighbour], await First.ListAsync(Token).Select(item => item.Key).ToListAsync(Token));
        Assert.Single(await container.NamesAsync(_options));
        Assert.False(await Second.DeleteAsync(key, null, Token));
    }

    [Fact]
    public async Task An_empty_object_takes_the_place_of_blocks_that_nobody_noted()
    {
        var key = NewKey();
        await First.AppendAsync(key, 0, null, new byte[1000], Token);

        await Second.PushAsync(key, [], Token);

        Assert.Empty((await First.PullAsync(key, Token))!);
    }
}
