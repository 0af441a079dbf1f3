using Berth.Oci;
using Berth.Storage;

namespace Berth.Testing.Metadata;

public abstract class InspectionContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task Every_blob_and_every_session_is_listed_once_however_many_there_are()
    {
        const int Count = 2_100; // more than two pages of any driver
        var blobs = await Task.WhenAll(Enumerable.Range(0, Count).Select(index => PushBlobAsync(App, $"{index}")));
        var uploads = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => StartUploadAsync(Other)));

        var listedBlobs = await Store.Inspection.ListBlobsAsync(Cancellation).ToListAsync(Cancellation);
        var listedUploads = await Store.Inspection.ListUploadsAsync(Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Count, listedBlobs.Count);
        Assert.Equal(Count, listedUploads.Count);
        Assert.Equal(blobs.ToHashSet(), [.. listedBlobs]);
        Assert.Equal(uploads.ToHashSet(), [.. listedUploads]);
    }

    [Fact]
    public async Task Every_manifest_is_listed_with_its_repository_bytes_and_references()
    {
        var app = await PushImageAsync(App, "app", Latest);
        var other = await PushImageAsync(Other, "app");
        var index = await PushAsync(App, Sample.Index(app));

        var listed = await Store.Inspection.ListManifestsAsync(Cancellation).ToListAsync(Cancellation);

        Assert.Equal(
            [(App, app.Digest), (Other, other.Digest), (App, index.Digest)],
            listed.Select(manifest => (manifest.Repository, manifest.Row.Digest)));
        Assert.Equal(app.Manifest.Content, listed[0].Row.Content);
        Assert.Equal(app.Manifest.MediaType, listed[0].Row.MediaType);
        Assert.Equal(
            app.Manifest.References.Select(reference => reference.Descriptor.Digest).ToHashSet(), listed[0].References.ToHashSet());
        Assert.Equal([app.Digest], listed[2].References);
    }

    [Fact]
    public async Task An_empty_store_lists_nothing_and_knows_no_key()
    {
        Assert.Empty(await Store.Inspection.ListBlobsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await Store.Inspection.ListUploadsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await Store.Inspection.ListManifestsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await Store.Inspection.FindKeyAsync(BlobKey.Create(Clock), Cancellation));
        Assert.Empty(await Store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_sound_store_has_no_findings()
    {
        var image = await PushImageAsync(App, "app", Latest);
        await PushImageAsync(Other, "app");
        await PushAsync(App, Sample.Index(image));
        await PushBlobAsync(App, "config");
        await PushAsync(App, Sample.Image("config", [], image.Digest, "application/x-type", new Dictionary<string, string> { ["a"] = "b" }));
        var sparse = Sample.Push(App, Sample.Image("absent", ["also absent"])) with { Demanded = new HashSet<Digest>() };
        await Store.Manifests.PutAsync(sparse, Cancellation);
        await StartUploadAsync(App);
        await PushBlobAsync(App, "twice");
        await PushBlobAsync(Other, "twice");

        Assert.Empty(await Store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }
}
