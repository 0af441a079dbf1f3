using Berth.Metadata;
using Berth.Oci;

namespace Berth.Testing.Metadata;

public abstract class BlobTableContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task A_blob_is_seen_only_by_repositories_that_have_a_link()
    {
        var blob = await PushBlobAsync(App, "hello");

        Assert.Equal(blob, await Store.Blobs.FindAsync(App, blob.Digest, Cancellation));
        Assert.Null(await Store.Blobs.FindAsync(Other, blob.Digest, Cancellation));
        Assert.Equal(blob, await Store.Blobs.FindAnywhereAsync(blob.Digest, Cancellation));
        Assert.Null(await Store.Blobs.FindAnywhereAsync(Sample.DigestOf("another"), Cancellation));
    }

    [Fact]
    public async Task A_mount_links_what_its_source_has()
    {
        var blob = await PushBlobAsync(App, "hello");

        Assert.True(await Store.Blobs.LinkAsync(Other, blob.Digest, App, Cancellation));
        Assert.True(await Store.Blobs.LinkAsync(Other, blob.Digest, App, Cancellation));

        Assert.Equal(blob, await Store.Blobs.FindAsync(Other, blob.Digest, Cancellation));
    }

    [Fact]
    public async Task A_mount_from_a_source_without_the_blob_changes_nothing()
    {
        var blob = await PushBlobAsync(App, "hello");
        await PushBlobAsync(Other, "something else");
        var third = RepositoryName.Parse("third");

        Assert.False(await Store.Blobs.LinkAsync(third, blob.Digest, Other, Cancellation));
        Assert.False(await Store.Blobs.LinkAsync(third, blob.Digest, RepositoryName.Parse("unknown"), Cancellation));
        Assert.False(await Store.Blobs.LinkAsync(third, Sample.DigestOf("unknown"), App, Cancellation));
        Assert.False(await Store.Blobs.LinkAsync(third, Sample.DigestOf("unknown"), source: null, Cancellation));

        Assert.Null(await Store.Blobs.FindAsync(third, blob.Digest, Cancellation));
        Assert.Null(await Store.Tags.ListAsync(third, last: null, 10, Cancellation)); // it did not come into being either
    }

    [Fact]
    public async Task A_mount_without_a_source_takes_the_blob_from_anywhere()
    {
        var blob = await PushBlobAsync(App, "hello");

        Assert.True(await Store.Blobs.LinkAsync(Other, blob.Digest, source: null, Cancellation));

        Assert.Equal(blob, await Store.Blobs.FindAsync(Other, blob.Digest, Cancellation));
    }

    [Fact]
    public async Task Unlinking_hides_a_blob_from_its_repository_and_leaves_it_to_others()
    {
        var blob = await PushBlobAsync(App, "hello");
        await Store.Blobs.LinkAsync(Other, blob.Digest, App, Cancellation);

        Assert.Equal(DeleteOutcome.Deleted, await Store.Blobs.UnlinkAsync(App, blob.Digest, Cancellation));

        Assert.Null(await Store.Blobs.FindAsync(App, blob.Digest, Cancellation));
        Assert.Equal(blob, await Store.Blobs.FindAsync(Other, blob.Digest, Cancellation));
        Assert.Equal([KeyState.Blob], await Store.Inspection.FindKeyAsync(blob.Key, Cancellation));
        Assert.Equal(DeleteOutcome.NotFound, await Store.Blobs.UnlinkAsync(App, blob.Digest, Cancellation));
        Assert.Equal(DeleteOutcome.NotFound, await Store.Blobs.UnlinkAsync(RepositoryName.Parse("unknown"), blob.Digest, Cancellation));
    }

    [Fact]
    public async Task A_blob_that_a_manifest_demands_cannot_be_unlinked()
    {
        var image = await PushImageAsync(App, "app");
        var layer = Sample.DigestOf("layer of app");

        Assert.Equal(DeleteOutcome.InUse, await Store.Blobs.UnlinkAsync(App, layer, Cancellation));
        Assert.NotNull(await Store.Blobs.FindAsync(App, layer, Cancellation));

        await Store.Manifests.DeleteAsync(App, image.Digest, Cancellation);
        Assert.Equal(DeleteOutcome.Deleted, await Store.Blobs.UnlinkAsync(App, layer, Cancellation));
    }

    [Fact]
    public async Task Only_manifests_of_the_same_repository_hold_a_link()
    {
        await PushImageAsync(App, "app");
        var layer = Sample.DigestOf("layer of app");
        await Store.Blobs.LinkAsync(Other, layer, App, Cancellation);

        Assert.Equal(DeleteOutcome.Deleted, await Store.Blobs.UnlinkAsync(Other, layer, Cancellation));
    }

    [Fact]
    public async Task A_reference_that_is_not_demanded_holds_no_link()
    {
        await PushBlobAsync(App, "config");
        var layer = await PushBlobAsync(App, "layer");
        var push = Sample.Push(App, Sample.Image("config", ["layer"]));
        await Store.Manifests.PutAsync(push with { Demanded = new HashSet<Digest>() }, Cancellation);

        Assert.Equal(DeleteOutcome.Deleted, await Store.Blobs.UnlinkAsync(App, layer.Digest, Cancellation));
    }

    [Fact]
    public async Task A_blob_that_an_index_demands_is_held_unless_a_manifest_of_the_digest_is_there()
    {
        var manifest = Sample.Image("config", []);
        var text = System.Text.Encoding.UTF8.GetString(manifest.Content.Span);
        var blob = await PushBlobAsync(App, text);
        await PushAsync(App, Sample.Index(("application/x-cache", blob.Digest, blob.Size)));
        Assert.Equal(DeleteOutcome.InUse, await Store.Blobs.UnlinkAsync(App, blob.Digest, Cancellation));

        await PushBlobAsync(App, "config");
        await PushAsync(App, manifest);

        Assert.Equal(DeleteOutcome.Deleted, await Store.Blobs.UnlinkAsync(App, blob.Digest, Cancellation));
        Assert.Equal(DeleteOutcome.InUse, await Store.Manifests.DeleteAsync(App, blob.Digest, Cancellation));
    }
}
