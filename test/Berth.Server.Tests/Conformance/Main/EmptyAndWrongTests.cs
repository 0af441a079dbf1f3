using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Main;

/// <summary>The suite's tests of a registry without content, and of references that lead nowhere.</summary>
public sealed class EmptyAndWrongTests(ConformanceRegistry registry) : IClassFixture<ConformanceRegistry>
{
    private const string Repository = "conformance/repo1";
    private const string Malformed = "sha256:baddigeststring";

    private readonly ConformanceClient _client = new(registry.Client);

    private static Digest RandomDigest => Digest.Of(RegistryClient.RandomBytes(1024), DigestAlgorithm.Sha256);

    [Fact]
    public async Task The_registry_is_there()
    {
        using var response = await _client.GetAsync("/v2/");

        await response.AssertStatusAsync(200);
    }

    [Fact]
    public async Task A_repository_without_content_has_no_tags_and_no_referrers()
    {
        using var tags = await _client.GetAsync("/v2/conformance/empty/tags/list");
        using var referrers = await _client.GetAsync($"/v2/conformance/empty/referrers/{RandomDigest}");

        await tags.AssertStatusAsync(200, 404);
        Assert.Empty(await referrers.ReferrersAsync());
    }

    [Fact]
    public async Task A_manifest_that_was_not_pushed_is_404_by_digest_and_by_tag()
    {
        using var byDigest = await _client.GetAsync($"/v2/{Repository}/manifests/{RandomDigest}");
        using var byTag = await _client.GetAsync($"/v2/{Repository}/manifests/missing-abcdefghijklmnopqrst");

        await byDigest.AssertStatusAsync(404);
        await byTag.AssertStatusAsync(404);
    }

    [Fact]
    public async Task A_digest_that_is_none_takes_no_manifest_and_names_none()
    {
        var set = new ContentSet();
        set.AddImage(new ContentShape { LayerCount = 1 });
        foreach (var (digest, content) in set.Blobs)
        {
            await new BlobPush(_client, Repository, digest, content).PushAsync(BlobPushWay.PostPut);
        }

        using var put = await _client.SendChunkedAsync(
            "PUT", $"/v2/{Repository}/manifests/{Malformed}", set.Manifests[0].Content, ("Content-Type", MediaTypes.OciImageManifest));
        using var pulled = await _client.GetAsync($"/v2/{Repository}/manifests/{Malformed}");
        using var deleted = await _client.DeleteAsync($"/v2/{Repository}/manifests/{set.Manifests[0].Digest}");

        await put.AssertStatusAsync(400);
        await pulled.AssertStatusAsync(400, 404);
        await deleted.AssertStatusAsync(404);
    }
}
