using Berth.Manifests;
using Berth.Oci;
using Berth.Referrers;

namespace Berth.Testing.Metadata;

public abstract class ReferrerTableContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    private const string Signature = "application/vnd.example.signature";
    private const string Sbom = "application/vnd.example.sbom";

    private static readonly Digest Subject = Sample.DigestOf("a subject, which need not exist");

    [Fact]
    public async Task Referrers_come_in_the_order_they_were_pushed_with_their_descriptors()
    {
        var annotations = new Dictionary<string, string> { ["by"] = "Ada \u00e9\ud83d\ude00", ["empty"] = "" };
        var first = await PushReferrerAsync(App, "first", Signature, annotations);
        var second = await PushReferrerAsync(App, "second", artifactType: null, annotations: null);

        var list = await ListAsync();

        Assert.Equal([first.Digest, second.Digest], list.Select(row => row.Descriptor.Digest));
        Assert.Equal(
            (first.Manifest.MediaType, first.Manifest.Content.Length, Signature),
            (list[0].Descriptor.MediaType, list[0].Descriptor.Size, list[0].Descriptor.ArtifactType));
        Assert.Equal(annotations, list[0].Descriptor.Annotations);
        Assert.Equal("application/vnd.oci.image.config.v1+json", list[1].Descriptor.ArtifactType); // of the config, when it has none itself
        Assert.Null(list[1].Descriptor.Annotations);
    }

    [Fact]
    public async Task Only_referrers_of_the_repository_and_of_the_subject_are_listed()
    {
        await PushReferrerAsync(Other, "elsewhere", Signature);
        await PushImageAsync(App, "no referrer");

        Assert.Empty(await ListAsync());
        Assert.Empty(await Store.Referrers.ListAsync(
            Other, Sample.DigestOf("another subject"), artifactType: null, after: 0, 10, Cancellation));
        Assert.Empty(await Store.Referrers.ListAsync(
            RepositoryName.Parse("unknown"), Subject, artifactType: null, after: 0, 10, Cancellation));
    }

    [Fact]
    public async Task Referrers_can_be_asked_for_by_artifact_type()
    {
        var signature = await PushReferrerAsync(App, "signature", Signature);
        await PushReferrerAsync(App, "sbom", Sbom);

        Assert.Equal([signature.Digest], (await ListAsync(Signature)).Select(row => row.Descriptor.Digest));
        Assert.Empty(await ListAsync("application/vnd.example.unknown"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Signature)]
    public async Task A_page_begins_after_the_position_of_the_last_one(string? artifactType)
    {
        var pushed = new List<Digest>();
        for (var index = 0; index < 5; index++)
        {
            pushed.Add((await PushReferrerAsync(App, $"{index}", Signature)).Digest);
        }

        var first = await ListAsync(artifactType, after: 0, limit: 2);
        var second = await ListAsync(artifactType, first[^1].Position, limit: 2);
        var third = await ListAsync(artifactType, second[^1].Position, limit: 2);

        Assert.Equal(pushed, new[] { first, second, third }.SelectMany(page => page).Select(row => row.Descriptor.Digest));
        Assert.Empty(await ListAsync(artifactType, third[^1].Position, limit: 2));
    }

    [Fact]
    public async Task A_position_is_never_used_again()
    {
        var first = await PushReferrerAsync(App, "first", Signature);
        var position = (await ListAsync())[0].Position;
        await Store.Manifests.DeleteAsync(App, first.Digest, Cancellation);
        Assert.Empty(await ListAsync());

        await PushReferrerAsync(App, "second", Signature);

        Assert.Single(await ListAsync(artifactType: null, after: position));
    }

    [Fact]
    public async Task Pushing_a_referrer_again_keeps_its_position()
    {
        var first = await PushReferrerAsync(App, "first", Signature);
        await PushReferrerAsync(App, "second", Signature);
        var before = await ListAsync();

        await PushAsync(App, first.Manifest);

        Assert.Equal(before.Select(row => row.Position), (await ListAsync()).Select(row => row.Position));
    }

    private async Task<ManifestPush> PushReferrerAsync(
        RepositoryName repository, string name, string? artifactType, IReadOnlyDictionary<string, string>? annotations = null)
    {
        await PushBlobAsync(repository, name);
        return await PushAsync(repository, Sample.Image(name, [], Subject, artifactType, annotations));
    }

    private Task<IReadOnlyList<ReferrerRow>> ListAsync(string? artifactType = null, long after = 0, int limit = 100) =>
        Store.Referrers.ListAsync(App, Subject, artifactType, after, limit, Cancellation);
}
