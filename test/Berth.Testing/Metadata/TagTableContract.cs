using Berth.Oci;

namespace Berth.Testing.Metadata;

public abstract class TagTableContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task An_unknown_repository_has_no_list_and_one_without_tags_an_empty_one()
    {
        await PushBlobAsync(App, "a blob alone");

        Assert.Null(await Store.Tags.ListAsync(Other, last: null, 10, Cancellation));
        Assert.Equal([], await Store.Tags.ListAsync(App, last: null, 10, Cancellation));
    }

    [Fact]
    public async Task Tags_come_in_byte_order_and_only_those_of_the_repository()
    {
        string[] tags = ["1.0", "10", "2", "A", "Z", "_", "a", "a-b", "a.b", "aB", "a_b", "ab"];
        await PushImageAsync(App, "app", [.. tags.Reverse().Select(tag => Tag.Parse(tag))]);
        await PushImageAsync(Other, "other", Latest);

        Assert.Equal(tags, await ListAsync(last: null, 100));
    }

    [Theory]
    [InlineData(null, 2, "a b")]
    [InlineData("", 2, "a b")]
    [InlineData("b", 2, "c d")]
    [InlineData("c", 9, "d")]
    [InlineData("d", 9, "")]
    [InlineData("bb", 1, "c")]
    [InlineData("Not/a tag", 1, "a")]
    [InlineData("c\0", 9, "d")]
    public async Task A_page_begins_after_the_last_tag_which_need_not_exist(string? last, int limit, string expected)
    {
        await PushImageAsync(App, "app", [.. "dcba".Select(tag => Tag.Parse($"{tag}"))]);

        Assert.Equal(expected, string.Join(' ', await ListAsync(last, limit)));
    }

    [Fact]
    public async Task A_tag_knows_its_manifest_and_when_it_was_made_and_moved()
    {
        var first = await PushImageAsync(App, "first", Latest);
        var created = Clock.GetUtcNow();
        Assert.Equal(
            new(Latest, first.Digest, first.Manifest.MediaType, first.Manifest.Content.Length, created, created),
            await Store.Tags.FindAsync(App, Latest, Cancellation));

        Clock.Advance(TimeSpan.FromDays(1));
        var second = await PushImageAsync(App, "the second one", Latest);

        Assert.Equal(
            new(Latest, second.Digest, second.Manifest.MediaType, second.Manifest.Content.Length, created, Clock.GetUtcNow()),
            await Store.Tags.FindAsync(App, Latest, Cancellation));
        Assert.Null(await Store.Tags.FindAsync(Other, Latest, Cancellation));
        Assert.Null(await Store.Tags.FindAsync(App, Tag.Parse("unknown"), Cancellation));
    }

    [Fact]
    public async Task A_tag_moves_to_a_manifest_of_its_repository_only()
    {
        var first = await PushImageAsync(App, "first", Latest);
        var second = await PushImageAsync(App, "second");
        var foreign = await PushImageAsync(Other, "foreign");

        Assert.True(await Store.Tags.MoveAsync(App, Latest, second.Digest, mayOverwrite: true, Cancellation));
        Assert.True(await Store.Tags.MoveAsync(App, Tag.Parse("new"), first.Digest, mayOverwrite: true, Cancellation));
        Assert.False(await Store.Tags.MoveAsync(App, Latest, foreign.Digest, mayOverwrite: true, Cancellation));
        Assert.False(await Store.Tags.MoveAsync(RepositoryName.Parse("unknown"), Latest, first.Digest, mayOverwrite: true, Cancellation));

        Assert.Equal(second.Digest, (await Store.Tags.FindAsync(App, Latest, Cancellation))?.Digest);
        Assert.Equal(first.Digest, (await Store.Tags.FindAsync(App, Tag.Parse("new"), Cancellation))?.Digest);
    }

    [Fact]
    public async Task SEC_14_a_tag_that_may_not_be_overwritten_is_created_once_and_a_refused_push_leaves_nothing()
    {
        var first = await PushImageAsync(App, "first", Latest);
        var second = await PushImageAsync(App, "second");
        var index = Sample.Push(App, Sample.Index(first), Tag.Parse("new"), Latest) with { MayOverwrite = false };

        await AssertDeniedAsync(() => Store.Manifests.PutAsync(index, Cancellation));
        await AssertDeniedAsync(() => Store.Tags.MoveAsync(App, Latest, second.Digest, mayOverwrite: false, Cancellation));
        Assert.Equal(first.Digest, (await Store.Tags.FindAsync(App, Latest, Cancellation))?.Digest);
        Assert.Null(await Store.Tags.FindAsync(App, Tag.Parse("new"), Cancellation));
        Assert.Null(await Store.Manifests.ResolveAsync(App, index.Digest, Cancellation));

        Assert.True(await Store.Tags.MoveAsync(App, Latest, first.Digest, mayOverwrite: false, Cancellation));
        Assert.Empty(await Store.Manifests.PutAsync(first with { MayOverwrite = false }, Cancellation));
        Assert.True(await Store.Tags.MoveAsync(App, Tag.Parse("new"), second.Digest, mayOverwrite: false, Cancellation));
    }

    [Fact]
    public async Task SEC_14_of_many_that_create_a_tag_at_once_exactly_one_does()
    {
        var images = new List<Digest>();
        for (var index = 0; index < 6; index++)
        {
            images.Add((await PushImageAsync(App, $"{index}")).Digest);
        }

        for (var round = 0; round < 10; round++)
        {
            var tag = Tag.Parse($"tag{round}");
            var moves = images.Select(image => Store.Tags.MoveAsync(App, tag, image, mayOverwrite: false, Cancellation)).ToList();
            await Task.WhenAll(moves.Select(move => move.ContinueWith(_ => { }, TaskScheduler.Default)));

            var winner = Assert.Single(moves, move => move.IsCompletedSuccessfully);
            Assert.Equal(images[moves.IndexOf(winner)], (await Store.Tags.FindAsync(App, tag, Cancellation))?.Digest);
            await Task.WhenAll(moves.Where(move => move != winner).Select(move => AssertDeniedAsync(() => move)));
        }
    }

    [Fact]
    public async Task A_deleted_tag_leaves_its_manifest()
    {
        var image = await PushImageAsync(App, "app", Latest);
        await PushImageAsync(Other, "app", Latest);

        Assert.True(await Store.Tags.DeleteAsync(App, Latest, Cancellation));
        Assert.False(await Store.Tags.DeleteAsync(App, Latest, Cancellation));
        Assert.False(await Store.Tags.DeleteAsync(RepositoryName.Parse("unknown"), Latest, Cancellation));

        Assert.Null(await Store.Tags.FindAsync(App, Latest, Cancellation));
        Assert.NotNull(await Store.Tags.FindAsync(Other, Latest, Cancellation));
        Assert.NotNull(await Store.Manifests.FindAsync(App, image.Digest, Cancellation));
    }

    [Fact]
    public async Task Moving_a_tag_and_deleting_its_manifest_at_once_leaves_no_dangling_tag()
    {
        for (var round = 0; round < 30; round++)
        {
            var image = await PushImageAsync(App, $"{round}");
            var move = Store.Tags.MoveAsync(App, Latest, image.Digest, mayOverwrite: true, Cancellation);
            await Store.Manifests.DeleteAsync(App, image.Digest, Cancellation);
            await move;

            Assert.Null(await Store.Tags.FindAsync(App, Latest, Cancellation));
        }

        Assert.Empty(await Store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }

    private static async Task AssertDeniedAsync(Func<Task> change) =>
        Assert.Equal(OciErrorCode.Denied, (await Assert.ThrowsAsync<OciException>(change)).Error.Code);

    private async Task<IEnumerable<string>> ListAsync(string? last, int limit) =>
        (await Store.Tags.ListAsync(App, last, limit, Cancellation) ?? throw new InvalidOperationException("no repository")).Select(tag => tag.Value);
}
