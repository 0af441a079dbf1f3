using Berth.Oci;

namespace Berth.Testing.Metadata;

public abstract class ListingContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    /// <summary>More than two pages of any driver.</summary>
    private const int Many = 2_100;

    [Fact]
    public async Task Every_blob_is_listed_once_with_a_repository_that_has_it()
    {
        var first = await PushBlobAsync(App, "first");
        var second = await PushBlobAsync(Other, "second");
        await Store.Blobs.LinkAsync(Other, first.Digest, App, Cancellation);
        var unlinked = await PushBlobAsync(App, "nobody's");
        await Store.Blobs.UnlinkAsync(App, unlinked.Digest, Cancellation);

        var listed = await Store.Listing.ListBlobsAsync(Cancellation).ToListAsync(Cancellation);

        Assert.Equal(new[] { first, second }.OrderBy(blob => blob.Digest.Value, StringComparer.Ordinal), listed.Select(blob => blob.Row));
        Assert.All(listed, blob => Assert.True(blob.Repository == Other || (blob.Row == first && blob.Repository == App)));
    }

    [Fact]
    public async Task All_blobs_links_and_tags_are_listed_in_byte_order_however_many_there_are()
    {
        var image = await PushImageAsync(App, "app");
        await Task.WhenAll(Enumerable.Range(0, Many).Select(index => PushBlobAsync(App, $"{index}")));
        await Task.WhenAll(Enumerable.Range(0, Many).Select(index => Store.Tags.MoveAsync(App, Tag.Parse($"t{index}"), image.Digest, mayOverwrite: true, Cancellation)));
        await PushImageAsync(Other, "app", Latest);

        var blobs = await Store.Listing.ListBlobsAsync(Cancellation).ToListAsync(Cancellation);
        var links = await Store.Listing.ListLinksAsync(App, Cancellation).ToListAsync(Cancellation);
        var tags = await Store.Listing.ListTagsAsync(App, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Many + 2, links.Count);
        Assert.Equal(links.OrderBy(link => link.Digest.Value, StringComparer.Ordinal), links);
        Assert.Equal(links, blobs.Select(blob => blob.Row));
        Assert.Equal(Enumerable.Range(0, Many).Select(index => $"t{index}").Order(StringComparer.Ordinal), tags.Select(tag => tag.Tag.Value));
        Assert.All(tags, tag => Assert.Equal((image.Digest, image.Manifest.MediaType), (tag.Digest, tag.MediaType)));
        Assert.Equal([Latest], await Store.Listing.ListTagsAsync(Other, Cancellation).Select(tag => tag.Tag).ToListAsync(Cancellation));
        Assert.Equal(2, await Store.Listing.ListLinksAsync(Other, Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task Repositories_without_manifests_are_listed_too()
    {
        await PushImageAsync(App, "app");
        await PushBlobAsync(RepositoryName.Parse("z"), "blob");
        await PushBlobAsync(RepositoryName.Parse("team-b"), "blob"); // - comes before /

        Assert.Equal(
            ["team-b", "team/app", "z"],
            await Store.Listing.ListRepositoriesAsync(Cancellation).Select(name => name.Value).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Manifests_are_listed_in_the_order_they_were_pushed_with_what_they_demand()
    {
        var image = await PushImageAsync(App, "app", Latest);
        await PushImageAsync(Other, "app");
        var signature = await PushAsync(App, Sample.Image("config of app", [], image.Digest));
        var sparse = Sample.Push(App, Sample.Index(image, signature)) with { Demanded = new HashSet<Digest> { signature.Digest } };
        Assert.Empty(await Store.Manifests.PutAsync(sparse, Cancellation));

        var listed = await Store.Listing.ListManifestsAsync(App, Cancellation).ToListAsync(Cancellation);

        Assert.Equal([image.Digest, signature.Digest, sparse.Digest], listed.Select(manifest => manifest.Digest));
        Assert.Equal([null, image.Digest, null], listed.Select(manifest => manifest.Subject));
        Assert.Equal([image.Manifest.MediaType, signature.Manifest.MediaType, sparse.Manifest.MediaType], listed.Select(manifest => manifest.MediaType));
        Assert.Equal(
            [image.Manifest.Content.Length, signature.Manifest.Content.Length, sparse.Manifest.Content.Length], listed.Select(manifest => manifest.Size));
        Assert.Equivalent(image.Demanded, listed[0].Demanded, strict: true);
        Assert.Equal([signature.Digest], listed[2].Demanded);
        Assert.Equal(listed.OrderBy(manifest => manifest.Position), listed);
    }

    [Fact]
    public async Task Manifests_that_demand_very_much_and_many_manifests_are_all_listed()
    {
        var digests = Enumerable.Range(0, 9_000).Select(index => $"layer {index}").ToArray(); // 640 KB of digests each
        await Task.WhenAll(digests.Append("config").Select(content => PushBlobAsync(App, content)));
        var large = new List<Digest>();
        for (var index = 0; index < 4; index++)
        {
            large.Add((await PushAsync(App, Sample.Image("config", digests[index..]))).Digest);
        }

        var small = await Task.WhenAll(Enumerable.Range(0, Many).Select(index => PushAsync(App, Sample.Image("config", [$"layer {index}"]))));

        var listed = await Store.Listing.ListManifestsAsync(App, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(large, listed.Take(4).Select(manifest => manifest.Digest));
        Assert.Equal(9_001, listed[0].Demanded.Count);
        Assert.Equal(small.Select(push => push.Digest).ToHashSet(), listed.Skip(4).Select(manifest => manifest.Digest).ToHashSet());
    }

    [Fact]
    public async Task A_repository_that_is_not_there_and_an_empty_store_list_nothing()
    {
        Assert.Empty(await Store.Listing.ListBlobsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await Store.Listing.ListRepositoriesAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await Store.Listing.ListLinksAsync(App, Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await Store.Listing.ListManifestsAsync(App, Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await Store.Listing.ListTagsAsync(App, Cancellation).ToListAsync(Cancellation));
    }
}
