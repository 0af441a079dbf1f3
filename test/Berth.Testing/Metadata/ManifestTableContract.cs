using Berth.Manifests;
using Berth.Metadata;
using Berth.Oci;

namespace Berth.Testing.Metadata;

public abstract class ManifestTableContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    private static readonly HashSet<Digest> Nothing = [];

    [Fact]
    public async Task A_manifest_is_found_by_tag_and_by_digest_with_its_exact_bytes()
    {
        var image = await PushImageAsync(App, "app", Latest, Tag.Parse("v1"));

        foreach (var reference in new Reference[] { Latest, Tag.Parse("v1"), image.Digest })
        {
            var found = await Store.Manifests.FindAsync(App, reference, Cancellation);
            Assert.NotNull(found);
            Assert.Equal((image.Digest, image.Manifest.MediaType), (found.Digest, found.MediaType));
            Assert.Equal(image.Manifest.Content, found.Content);
            Assert.Equal(
                new ManifestHead(image.Digest, image.Manifest.MediaType, image.Manifest.Content.Length),
                await Store.Manifests.ResolveAsync(App, reference, Cancellation));
        }
    }

    [Fact]
    public async Task A_manifest_is_not_found_under_another_repository_tag_or_digest()
    {
        var image = await PushImageAsync(App, "app", Latest);
        await PushImageAsync(Other, "other");

        Assert.Null(await Store.Manifests.FindAsync(Other, Latest, Cancellation));
        Assert.Null(await Store.Manifests.FindAsync(Other, image.Digest, Cancellation));
        Assert.Null(await Store.Manifests.FindAsync(App, Tag.Parse("LATEST"), Cancellation));
        Assert.Null(await Store.Manifests.FindAsync(App, Sample.DigestOf("unknown"), Cancellation));
        Assert.Null(await Store.Manifests.FindAsync(RepositoryName.Parse("unknown"), Latest, Cancellation));
        Assert.Null(await Store.Manifests.ResolveAsync(Other, Latest, Cancellation));
        Assert.Null(await Store.Manifests.ResolveAsync(Other, image.Digest, Cancellation));
        Assert.Null(await Store.Manifests.ResolveAsync(App, Sample.DigestOf("unknown"), Cancellation));
    }

    [Fact]
    public async Task A_manifest_may_be_as_large_as_manifests_get_and_have_a_sha512_digest()
    {
        var content = new byte[Manifest.MaxBytes];
        content.AsSpan().Fill((byte)' ');
        "{"u8.CopyTo(content);
        "}"u8.CopyTo(content.AsSpan(content.Length - 1));
        var manifest = Manifest.Parse(content, "application/x-unknown");
        var push = Sample.Push(App, manifest) with { Digest = Digest.Of(content, DigestAlgorithm.Sha512) };

        Assert.Empty(await Store.Manifests.PutAsync(push, Cancellation));

        var found = await Store.Manifests.FindAsync(App, push.Digest, Cancellation);
        Assert.True(found?.Content.Span.SequenceEqual(content));
    }

    [Fact]
    public async Task A_manifest_survives_the_end_of_the_process()
    {
        var image = await PushImageAsync(App, "app", Latest);

        await ReopenAsync();

        Assert.Equal(image.Digest, (await Store.Manifests.FindAsync(App, Latest, Cancellation))?.Digest);
    }

    [Fact]
    public async Task What_is_missing_is_named_and_nothing_changes()
    {
        var first = await PushImageAsync(App, "first", Latest);
        await PushBlobAsync(App, "config");
        await PushBlobAsync(Other, "only elsewhere");
        var push = Sample.Push(App, Sample.Image("config", ["only elsewhere", "nowhere"]), Latest);

        var missing = await Store.Manifests.PutAsync(push, Cancellation);

        Assert.Equal(
            [(Sample.DigestOf("only elsewhere"), null), (Sample.DigestOf("nowhere"), null)],
            missing.Select(reference => (reference.Reference.Descriptor.Digest, reference.ActualSize)));
        Assert.Null(await Store.Manifests.FindAsync(App, push.Digest, Cancellation));
        Assert.Equal(first.Digest, (await Store.Manifests.FindAsync(App, Latest, Cancellation))?.Digest);
    }

    [Fact]
    public async Task A_push_that_misses_something_creates_no_repository()
    {
        Assert.Equal(2, (await Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("config", ["layer"])), Cancellation)).Count);

        Assert.Null(await Store.Tags.ListAsync(App, last: null, 10, Cancellation));
    }

    [Fact]
    public async Task A_reference_of_another_size_is_missing_and_says_the_real_one()
    {
        var upload = await StartUploadAsync(App);
        await Store.Uploads.AttachAsync(upload, Sample.DigestOf("config"), 999, damaged: null, Cancellation);
        var child = await PushImageAsync(App, "child");

        var ofBlob = await Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("config", [])), Cancellation);
        var ofManifest = await Store.Manifests.PutAsync(
            Sample.Push(App, Sample.Index((MediaTypes.OciImageManifest, child.Digest, 3))), Cancellation);

        Assert.Equal(999, Assert.Single(ofBlob).ActualSize);
        Assert.Equal(child.Manifest.Content.Length, Assert.Single(ofManifest).ActualSize);
    }

    [Fact]
    public async Task A_child_of_an_index_must_be_a_manifest_of_the_repository()
    {
        var child = await PushImageAsync(Other, "child");
        var text = System.Text.Encoding.UTF8.GetString(child.Manifest.Content.Span);
        await PushBlobAsync(App, text); // a blob of the same bytes is no manifest
        var index = Sample.Push(App, Sample.Index(child));

        Assert.Equal(child.Digest, Assert.Single(await Store.Manifests.PutAsync(index, Cancellation)).Reference.Descriptor.Digest);

        await PushImageAsync(App, "child");
        Assert.Empty(await Store.Manifests.PutAsync(index, Cancellation));
    }

    [Fact]
    public async Task A_child_that_is_no_manifest_by_its_media_type_may_be_either()
    {
        var blob = await PushBlobAsync(App, "cache");
        var manifest = await PushImageAsync(App, "app");

        await PushAsync(App, Sample.Index(
            ("application/x-cache", blob.Digest, blob.Size), ("application/x-cache", manifest.Digest, manifest.Manifest.Content.Length)));

        var unknown = Sample.Push(App, Sample.Index(("application/x-cache", Sample.DigestOf("unknown"), 1)));
        Assert.Single(await Store.Manifests.PutAsync(unknown, Cancellation));
    }

    [Fact]
    public async Task What_is_not_demanded_is_recorded_and_may_be_absent()
    {
        var push = Sample.Push(App, Sample.Image("config", ["layer"]), Latest) with { Demanded = Nothing };

        Assert.Empty(await Store.Manifests.PutAsync(push, Cancellation));

        var stored = Assert.Single(await Store.Inspection.ListManifestsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(2, stored.References.Count);
    }

    [Fact]
    public async Task Pushing_again_succeeds_and_moves_the_tags()
    {
        var first = await PushImageAsync(App, "first", Latest);
        await PushImageAsync(App, "second", Latest);

        await PushAsync(App, first.Manifest, Latest);

        Assert.Equal(first.Digest, (await Store.Manifests.FindAsync(App, Latest, Cancellation))?.Digest);
        Assert.Equal(2, await Store.Inspection.ListManifestsAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task Pushing_again_can_demand_more_but_not_take_a_demand_back()
    {
        var layer = await PushBlobAsync(App, "layer");
        await PushBlobAsync(App, "config");
        var push = Sample.Push(App, Sample.Image("config", ["layer"]));

        await Store.Manifests.PutAsync(push with { Demanded = Nothing }, Cancellation);
        await Store.Manifests.PutAsync(push, Cancellation);
        await Store.Manifests.PutAsync(push with { Demanded = Nothing }, Cancellation);

        Assert.Equal(DeleteOutcome.InUse, await Store.Blobs.UnlinkAsync(App, layer.Digest, Cancellation));
    }

    [Fact]
    public async Task A_deleted_manifest_takes_its_tags_along_and_no_others()
    {
        var first = await PushImageAsync(App, "first", Latest, Tag.Parse("v1"));
        await PushImageAsync(App, "second", Tag.Parse("v2"));
        await PushImageAsync(Other, "first", Latest);

        Assert.Equal(DeleteOutcome.Deleted, await Store.Manifests.DeleteAsync(App, first.Digest, Cancellation));

        Assert.Null(await Store.Manifests.FindAsync(App, first.Digest, Cancellation));
        Assert.Equal([Tag.Parse("v2")], await Store.Tags.ListAsync(App, last: null, 10, Cancellation));
        Assert.NotNull(await Store.Manifests.FindAsync(Other, Latest, Cancellation));
        Assert.Equal(DeleteOutcome.NotFound, await Store.Manifests.DeleteAsync(App, first.Digest, Cancellation));
        Assert.Equal(DeleteOutcome.NotFound, await Store.Manifests.DeleteAsync(RepositoryName.Parse("unknown"), first.Digest, Cancellation));
    }

    [Fact]
    public async Task A_manifest_that_an_index_demands_cannot_be_deleted()
    {
        var child = await PushImageAsync(App, "child", Latest);
        await PushImageAsync(Other, "child");
        var index = await PushAsync(App, Sample.Index(child));

        Assert.Equal(DeleteOutcome.InUse, await Store.Manifests.DeleteAsync(App, child.Digest, Cancellation));
        Assert.NotNull(await Store.Manifests.FindAsync(App, Latest, Cancellation));
        Assert.Equal(DeleteOutcome.Deleted, await Store.Manifests.DeleteAsync(Other, child.Digest, Cancellation));

        Assert.Equal(DeleteOutcome.Deleted, await Store.Manifests.DeleteAsync(App, index.Digest, Cancellation));
        Assert.Equal(DeleteOutcome.Deleted, await Store.Manifests.DeleteAsync(App, child.Digest, Cancellation));
    }

    [Fact]
    public async Task A_manifest_that_an_index_names_without_demanding_it_can_be_deleted()
    {
        var child = await PushImageAsync(App, "child");
        await Store.Manifests.PutAsync(Sample.Push(App, Sample.Index(child)) with { Demanded = Nothing }, Cancellation);

        Assert.Equal(DeleteOutcome.Deleted, await Store.Manifests.DeleteAsync(App, child.Digest, Cancellation));
    }

    [Fact]
    public async Task A_push_and_the_unlinking_of_its_layer_never_both_succeed()
    {
        await PushBlobAsync(App, "config");
        for (var round = 0; round < 50; round++)
        {
            var layer = await PushBlobAsync(App, $"layer {round}");
            var put = Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("config", [$"layer {round}"])), Cancellation);
            var unlink = Store.Blobs.UnlinkAsync(App, layer.Digest, Cancellation);

            var isStored = (await put).Count == 0;

            Assert.Equal(isStored ? DeleteOutcome.InUse : DeleteOutcome.Deleted, await unlink);
        }
    }

    [Fact]
    public async Task A_change_that_was_cancelled_before_it_began_did_not_happen()
    {
        await PushBlobAsync(App, "config");
        var push = Sample.Push(App, Sample.Image("config", []));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.Manifests.PutAsync(push, new CancellationToken(canceled: true)));

        Assert.Null(await Store.Manifests.FindAsync(App, push.Digest, Cancellation));
    }
}
