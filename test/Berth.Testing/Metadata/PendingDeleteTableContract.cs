using Berth.Storage;

namespace Berth.Testing.Metadata;

public abstract class PendingDeleteTableContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task Keys_wait_until_they_are_removed()
    {
        var keys = new HashSet<BlobKey>();
        for (var index = 0; index < 3; index++)
        {
            var upload = await StartUploadAsync(App);
            await Store.Uploads.DiscardAsync(upload, committedAs: null, Cancellation);
            keys.Add(upload.Key);
        }

        var page = await Store.PendingDeletes.ListAsync(after: null, 2, Cancellation);
        Assert.Equal(2, page.Count);
        Assert.Subset(keys, page.Select(pending => pending.Key).ToHashSet());

        await Store.PendingDeletes.RemoveAsync([.. page.Select(pending => pending.Key)], Cancellation);

        var rest = Assert.Single(await Store.PendingDeletes.ListAsync(after: null, 2, Cancellation));
        Assert.DoesNotContain(rest, page);
        Assert.Empty(await Store.Inspection.FindKeyAsync(page[0].Key, Cancellation)); // dead (R1)
    }

    [Fact]
    public async Task Removing_nothing_or_what_is_unknown_is_no_error()
    {
        await Store.PendingDeletes.RemoveAsync([], Cancellation);
        await Store.PendingDeletes.RemoveAsync([BlobKey.Create(Clock)], Cancellation);
    }

    [Fact]
    public async Task Removing_touches_neither_uploads_nor_blobs()
    {
        var upload = await StartUploadAsync(App);
        var blob = await PushBlobAsync(App, "hello");

        await Store.PendingDeletes.RemoveAsync([upload.Key, blob.Key], Cancellation);

        Assert.NotNull(await Store.Uploads.FindAsync(App, upload.Id, Cancellation));
        Assert.NotNull(await Store.Blobs.FindAsync(App, blob.Digest, Cancellation));
    }
}
