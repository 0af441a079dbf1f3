using Berth.Metadata;
using Berth.Oci;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Testing.Metadata;

public abstract class UploadTableContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    private static readonly Digest Hello = Sample.DigestOf("hello");

    [Fact]
    public async Task A_session_is_found_in_its_repository_only()
    {
        var upload = NewUpload(App) with { Algorithm = DigestAlgorithm.Sha512, Offset = 5_000_000_000 };
        await Store.Uploads.CreateAsync(upload, Cancellation);

        Assert.Equal(upload, await Store.Uploads.FindAsync(App, upload.Id, Cancellation));
        Assert.Null(await Store.Uploads.FindAsync(Other, upload.Id, Cancellation));
        Assert.Null(await Store.Uploads.FindAsync(App, UploadId.Create(), Cancellation));
        Assert.Equal([KeyState.Upload], await Store.Inspection.FindKeyAsync(upload.Key, Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("alice")]
    [InlineData("é\0\"'\n")]
    public async Task SEC_31_a_session_knows_who_started_it_to_its_end_and_beyond(string? owner)
    {
        var upload = NewUpload(App) with { Owner = owner };
        await Store.Uploads.CreateAsync(upload, Cancellation);
        await Store.Uploads.AdvanceAsync(upload, upload with { Offset = 1 }, Cancellation);
        var advanced = await Store.Uploads.FindAsync(App, upload.Id, Cancellation);

        Assert.Equal(upload with { Offset = 1 }, advanced);
        await Store.Uploads.AttachAsync(advanced!, Hello, 1, damaged: null, Cancellation);
        Assert.Equal(new FinishedUpload(Hello, owner), await Store.Uploads.FindFinishedAsync(App, upload.Id, Cancellation));
    }

    [Fact]
    public async Task A_session_advances_while_it_exists()
    {
        var upload = await StartUploadAsync(App);
        var next = upload with { Offset = 42, Parts = """{"p":[1,2]}""", HashState = "aGFzaA==" };

        Assert.True(await Store.Uploads.AdvanceAsync(upload, next, Cancellation));
        Assert.Equal(next, await Store.Uploads.FindAsync(App, upload.Id, Cancellation));

        Assert.True(await Store.Uploads.DiscardAsync(next, committedAs: null, Cancellation));
        Assert.False(await Store.Uploads.AdvanceAsync(next, next with { Offset = 43 }, Cancellation));
    }

    [Fact]
    public async Task Who_knows_an_older_state_of_a_session_changes_nothing()
    {
        var upload = await StartUploadAsync(App);
        var next = upload with { Offset = 42, Parts = "one" };
        await Store.Uploads.AdvanceAsync(upload, next, Cancellation);

        foreach (var old in new[] { upload, next with { Offset = 41 }, next with { Parts = "two" }, next with { Parts = null } })
        {
            Assert.False(await Store.Uploads.AdvanceAsync(old, old with { Offset = 50 }, Cancellation));
            Assert.False(await Store.Uploads.AttachAsync(old, Hello, 5, damaged: null, Cancellation));
            Assert.False(await Store.Uploads.DiscardAsync(old, committedAs: null, Cancellation));
        }

        Assert.Equal(next, await Store.Uploads.FindAsync(App, upload.Id, Cancellation));
        Assert.Null(await Store.Blobs.FindAnywhereAsync(Hello, Cancellation));
        Assert.True(await Store.Uploads.AttachAsync(next, Hello, 5, damaged: null, Cancellation));
    }

    [Fact]
    public async Task Attaching_turns_a_session_into_a_blob_of_its_repository()
    {
        var upload = await StartUploadAsync(App);

        Assert.True(await Store.Uploads.AttachAsync(upload, Hello, 5, damaged: null, Cancellation));

        Assert.Equal(new(Hello, upload.Key, 5), await Store.Blobs.FindAsync(App, Hello, Cancellation));
        Assert.Null(await Store.Uploads.FindAsync(App, upload.Id, Cancellation));
        Assert.Equal([KeyState.Blob], await Store.Inspection.FindKeyAsync(upload.Key, Cancellation));
        Assert.Empty(await PendingAsync());
    }

    [Fact]
    public async Task Attaching_what_is_stored_already_links_the_stored_object_and_gives_up_the_own_one()
    {
        var first = await PushBlobAsync(App, "hello");
        var upload = await StartUploadAsync(Other);

        Assert.True(await Store.Uploads.AttachAsync(upload, Hello, 5, damaged: null, Cancellation));

        Assert.Equal(first, await Store.Blobs.FindAsync(Other, Hello, Cancellation));
        Assert.Equal([new PendingDelete(upload.Key, Hello)], await PendingAsync());
        Assert.Equal([KeyState.PendingDelete], await Store.Inspection.FindKeyAsync(upload.Key, Cancellation));
    }

    [Fact]
    public async Task Attaching_in_place_of_a_damaged_object_heals_every_repository()
    {
        var damaged = await PushBlobAsync(App, "hello");
        var upload = await StartUploadAsync(Other);

        Assert.True(await Store.Uploads.AttachAsync(upload, Hello, 5, damaged.Key, Cancellation));

        Assert.Equal(upload.Key, (await Store.Blobs.FindAsync(App, Hello, Cancellation))?.Key);
        Assert.Equal(upload.Key, (await Store.Blobs.FindAsync(Other, Hello, Cancellation))?.Key);
        Assert.Equal([new PendingDelete(damaged.Key, Hello)], await PendingAsync());
    }

    [Fact]
    public async Task A_damaged_object_that_was_replaced_meanwhile_is_not_replaced_again()
    {
        var stored = await PushBlobAsync(App, "hello");
        var upload = await StartUploadAsync(App);

        Assert.True(await Store.Uploads.AttachAsync(upload, Hello, 5, BlobKey.Create(Clock), Cancellation));

        Assert.Equal(stored, await Store.Blobs.FindAsync(App, Hello, Cancellation));
        Assert.Equal([new PendingDelete(upload.Key, Hello)], await PendingAsync());
    }

    [Fact]
    public async Task A_session_that_is_gone_attaches_nothing()
    {
        var upload = await StartUploadAsync(App);
        await Store.Uploads.DiscardAsync(upload, committedAs: null, Cancellation);

        Assert.False(await Store.Uploads.AttachAsync(upload, Hello, 5, damaged: null, Cancellation));

        Assert.Null(await Store.Blobs.FindAnywhereAsync(Hello, Cancellation));
        Assert.Null(await Store.Tags.ListAsync(App, last: null, 10, Cancellation));
        Assert.Null(await Store.Uploads.FindFinishedAsync(App, upload.Id, Cancellation));
    }

    [Fact]
    public async Task Of_two_that_attach_one_session_one_succeeds()
    {
        for (var round = 0; round < 20; round++)
        {
            var upload = await StartUploadAsync(App);
            var outcomes = await Task.WhenAll(
                Store.Uploads.AttachAsync(upload, Sample.DigestOf($"{round}"), 1, damaged: null, Cancellation),
                Store.Uploads.AttachAsync(upload, Sample.DigestOf($"{round}"), 1, damaged: null, Cancellation),
                Store.Uploads.DiscardAsync(upload, committedAs: null, Cancellation));

            Assert.Single(outcomes, succeeded => succeeded);
            Assert.Single(await Store.Inspection.FindKeyAsync(upload.Key, Cancellation));
        }
    }

    [Fact]
    public async Task A_finished_session_is_remembered_for_24_hours_in_its_repository()
    {
        var upload = await StartUploadAsync(App);
        await Store.Uploads.AttachAsync(upload, Hello, 5, damaged: null, Cancellation);
        Assert.Null(await Store.Uploads.FindFinishedAsync(Other, upload.Id, Cancellation));

        Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(new FinishedUpload(Hello, upload.Owner), await Store.Uploads.FindFinishedAsync(App, upload.Id, Cancellation));

        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await Store.Uploads.FindFinishedAsync(App, upload.Id, Cancellation));
    }

    [Fact]
    public async Task A_discarded_session_leaves_its_key_to_be_deleted()
    {
        var upload = await StartUploadAsync(App);

        Assert.True(await Store.Uploads.DiscardAsync(upload, committedAs: null, Cancellation));
        Assert.False(await Store.Uploads.DiscardAsync(upload, committedAs: null, Cancellation));

        Assert.Equal([new PendingDelete(upload.Key, Digest: null)], await PendingAsync());
        Assert.Null(await Store.Uploads.FindAsync(App, upload.Id, Cancellation));
    }

    [Fact]
    public async Task A_discarded_session_may_know_the_digest_of_its_object()
    {
        var upload = await StartUploadAsync(App);

        await Store.Uploads.DiscardAsync(upload, Hello, Cancellation);

        Assert.Equal([new PendingDelete(upload.Key, Hello)], await PendingAsync());
    }

    [Fact]
    public async Task Only_sessions_that_nobody_wrote_to_are_idle_and_the_longest_idle_come_first()
    {
        var idle = new List<UploadRow>();
        for (var index = 0; index < 3; index++)
        {
            idle.Add(await StartUploadAsync(App));
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var active = await StartUploadAsync(App);
        Clock.Advance(TimeSpan.FromHours(1));
        await Store.Uploads.AdvanceAsync(active, active with { Offset = 1 }, Cancellation);

        Assert.Equal(idle, await Store.Uploads.ListIdleAsync(Clock.GetUtcNow(), 10, Cancellation));
        Assert.Equal(idle.Take(2), await Store.Uploads.ListIdleAsync(Clock.GetUtcNow(), 2, Cancellation));
    }

    private Task<IReadOnlyList<PendingDelete>> PendingAsync() => Store.PendingDeletes.ListAsync(after: null, 100, Cancellation);
}
