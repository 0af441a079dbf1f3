using static Berth.Server.Tests.Conformance.Released.ReleasedRun;

namespace Berth.Server.Tests.Conformance.Released;

/// <summary>Distribution specification, "Content Discovery".</summary>
internal sealed class ContentDiscoveryWorkflow(ReleasedRun run)
{
    private const string Tags = $"/v2/{Repository}/tags/list";

    private ReleasedContent Content => run.Content;

    public async Task RunAsync()
    {
        await SetUpAsync();
        await ListTagsAsync();
        await ListReferrersAsync();
        await TearDownAsync();
    }

    private async Task SetUpAsync()
    {
        await run.PushBlobAsync(Content.Configs[2]);
        await run.PushBlobAsync(Content.Layer);
        foreach (var tag in new[] { "test0", "test1", "test2", "test3" })
        {
            using var pushed = await run.PushManifestAsync(tag, Content.Images[2]);
        }

        await run.PushBlobAsync(Content.EmptyObject);
        await run.PushBlobAsync(Content.ReferrerBlobA);
        await PushReferrerAsync(Content.ConfigArtifactA, Content.Images[4]);
        await PushReferrerAsync(Content.LayerArtifactA, Content.Images[4]);
        await PushReferrerAsync(Content.ArtifactIndex, Content.Images[4], MediaTypes.OciImageIndex);

        await run.PushBlobAsync(Content.Configs[4]);
        await run.PushBlobAsync(Content.Layer);
        using var subject = await run.PushManifestAsync(TestTag, Content.Images[4]);

        await run.PushBlobAsync(Content.ReferrerBlobB);
        await PushReferrerAsync(Content.ConfigArtifactB, Content.Images[4]);
        await PushReferrerAsync(Content.LayerArtifactB, Content.Images[4]);
        await PushReferrerAsync(Content.LayerArtifactC, Content.Images[3]);
    }

    private async Task PushReferrerAsync(byte[] referrer, byte[] subject, string mediaType = MediaTypes.OciImageManifest)
    {
        using var pushed = await run.PushManifestAsync(ReleasedContent.Sha256(referrer), referrer, mediaType);
        pushed.AssertHeader("OCI-Subject", ReleasedContent.Sha256(subject));
    }

    private async Task ListTagsAsync()
    {
        var all = await TagsAsync("");
        Assert.Superset(new HashSet<string> { "test0", "test1", "test2", "test3", TestTag }, all.ToHashSet());

        var half = all.Count / 2;
        var page = await TagsAsync($"?n={half}");
        Assert.Equal(half, page.Count);

        var next = await TagsAsync($"?n={half}&last={page[^1]}");
        Assert.True(next.Count <= half);
        Assert.DoesNotContain(page[^1], next);
    }

    private async Task<IReadOnlyList<string>> TagsAsync(string query)
    {
        using var listed = await run.Client.GetAsync(Tags + query);
        await listed.AssertStatusAsync(200);
        return await listed.TagsAsync();
    }

    private async Task ListReferrersAsync()
    {
        using var none = await run.Client.GetAsync(ReferrersUrl(ReleasedContent.Nowhere));
        Assert.Empty(await none.ReferrersAsync());

        var url = ReferrersUrl(ReleasedContent.Sha256(Content.Images[4]));
        using var all = await run.Client.GetAsync(url);
        await CheckAnnotationsAsync(all, 5);

        using var filtered = await run.Client.GetAsync(
            ConformanceClient.Set(url, ("artifactType", ReleasedContent.ArtifactTypeA)));
        await CheckAnnotationsAsync(filtered, 2);
        filtered.AssertHeader("OCI-Filters-Applied", "artifactType");

        using var ofMissing = await run.Client.GetAsync(ReferrersUrl(ReleasedContent.Sha256(Content.Images[3])));
        var only = Assert.Single(await ofMissing.ReferrersAsync());
        Assert.Equal(ReleasedContent.Sha256(Content.LayerArtifactC), (string?)only["digest"]);
    }

    private async Task CheckAnnotationsAsync(HttpResponseMessage response, int count)
    {
        var referrers = await response.ReferrersAsync();
        Assert.Equal(count, referrers.Select(referrer => (string?)referrer["digest"]).Distinct().Count());
        Assert.Equal(count, referrers.Count);
        foreach (var referrer in referrers)
        {
            var (key, value) = Assert.Single(referrer["annotations"]!.AsObject());
            Assert.Equal(ReleasedContent.AnnotationKey, key);
            Assert.Equal(Content.Annotations[(string)referrer["digest"]!], (string?)value);
        }
    }

    private async Task TearDownAsync()
    {
        byte[][] referrers =
        [
            Content.ArtifactIndex, Content.ConfigArtifactA, Content.LayerArtifactA, Content.ConfigArtifactB, Content.LayerArtifactB,
        ];
        await run.TearDownAsync(
            [.. new[] { Content.ArtifactIndex, Content.Images[2], Content.Images[4] }.Select(ManifestUrl)],
            [BlobUrl(Content.Configs[2]), BlobUrl(Content.Layer)]);

        // What is deleted more than once, and a tag whose manifest may have gone: both may be 404.
        int[] goneOrRefused = [202, 404, 405];
        foreach (var url in referrers.Concat(referrers).Append(Content.LayerArtifactC).Select(ManifestUrl).Append(ManifestUrl(TestTag)))
        {
            await run.ExpectAsync("DELETE", url, goneOrRefused);
        }

        foreach (var blob in new[] { Content.Configs[4], Content.ReferrerBlobA, Content.ReferrerBlobB, Content.EmptyObject })
        {
            await run.ExpectAsync("DELETE", BlobUrl(blob), goneOrRefused);
        }
    }

    private static string ReferrersUrl(string digest) => $"/v2/{Repository}/referrers/{digest}";
}
