using System.Net;
using System.Text.Json.Nodes;

namespace Berth.Server.Tests.Protocol;

public sealed class ReferrerTests : IAsyncLifetime
{
    private const string Sbom = "application/vnd.example.sbom.v1";
    private const string Signature = "application/vnd.example.signature.v1";

    private RegistryFixture _registry = null!;

    private HttpClient Client => _registry.Client;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Nothing_refers_to_what_nobody_knows()
    {
        var digest = Digest.Of([1], DigestAlgorithm.Sha256);

        using var response = await Client.GetAsync($"/v2/nobody/referrers/{digest}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(MediaTypes.OciImageIndex, response.Header("Content-Type"));
        Assert.Equal(
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_digest_that_is_none_is_refused()
    {
        using var response = await Client.GetAsync("/v2/app/referrers/latest");

        await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task A_referrer_may_come_before_its_subject_and_is_listed_with_all_its_descriptor_needs()
    {
        var subject = Digest.Of([9, 9], DigestAlgorithm.Sha256);
        var (digest, manifest) = await PushReferrerAsync(subject, Sbom);

        using var response = await Client.GetAsync($"/v2/app/referrers/{subject}");
        var listed = (await response.JsonAsync())["manifests"]!.AsArray().Single()!;

        Assert.Equal(digest.Value, (string?)listed["digest"]);
        Assert.Equal(MediaTypes.OciImageManifest, (string?)listed["mediaType"]);
        Assert.Equal(manifest.Length, (int)listed["size"]!);
        Assert.Equal(Sbom, (string?)listed["artifactType"]);
        Assert.Equal("value", (string?)listed["annotations"]!["key"]);
    }

    [Fact]
    public async Task The_config_s_media_type_stands_in_for_the_artifact_type()
    {
        var subject = Digest.Of([9, 9], DigestAlgorithm.Sha256);
        await PushReferrerAsync(subject, artifactType: null);

        using var response = await Client.GetAsync($"/v2/app/referrers/{subject}");

        Assert.Equal("application/vnd.oci.image.config.v1+json", (string?)(await response.JsonAsync())["manifests"]![0]!["artifactType"]);
    }

    [Fact]
    public async Task A_filter_is_applied_and_said_to_be()
    {
        var subject = Digest.Of([9, 9], DigestAlgorithm.Sha256);
        await PushReferrerAsync(subject, Sbom);
        var (signature, _) = await PushReferrerAsync(subject, Signature);

        using var response = await Client.GetAsync($"/v2/app/referrers/{subject}?artifactType={Uri.EscapeDataString(Signature)}");
        using var other = await Client.GetAsync($"/v2/other/referrers/{subject}");

        Assert.Equal("artifactType", response.Header("OCI-Filters-Applied"));
        Assert.Equal([signature.Value], Digests(await response.JsonAsync()));
        Assert.Empty(Digests(await other.JsonAsync()));
    }

    [Fact]
    public async Task A_deleted_referrer_is_listed_no_more()
    {
        var subject = Digest.Of([9, 9], DigestAlgorithm.Sha256);
        var (digest, _) = await PushReferrerAsync(subject, Sbom);

        using var deleted = await Client.DeleteAsync($"/v2/app/manifests/{digest}");
        using var response = await Client.GetAsync($"/v2/app/referrers/{subject}");

        Assert.Empty(Digests(await response.JsonAsync()));
    }

    [Fact]
    public async Task Pages_bring_every_referrer_once()
    {
        var subject = Digest.Of([9, 9], DigestAlgorithm.Sha256);
        var expected = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            expected.Add((await PushReferrerAsync(subject, Sbom)).Digest.Value);
        }

        var listed = new List<string>();
        var pages = 0;
        for (var next = $"/v2/app/referrers/{subject}?n=7&artifactType={Sbom}"; next is not null; pages++)
        {
            using var response = await Client.GetAsync(next);
            listed.AddRange(Digests(await response.JsonAsync()));
            next = response.Header("Link")?.Split('<', '>')[1];
        }

        Assert.Equal(3, pages);
        Assert.Equal(expected, listed);
    }

    [Fact]
    public async Task What_old_clients_listed_under_the_fallback_tag_shows_up_too()
    {
        var subject = Digest.Of([9, 9], DigestAlgorithm.Sha256);
        var (known, _) = await PushReferrerAsync(subject, Sbom);
        var (legacy, legacyBytes) = await Client.PushImageAsync("app", "legacy");
        var descriptor = RegistryClient.DescriptorOf(legacyBytes, MediaTypes.OciImageManifest);
        descriptor["artifactType"] = Signature;
        var index = RegistryClient.Index(descriptor).Bytes();
        using var pushed = await Client.PutManifestAsync("app", subject.Value.Replace(':', '-'), index, MediaTypes.OciImageIndex);

        using var all = await Client.GetAsync($"/v2/app/referrers/{subject}");
        using var filtered = await Client.GetAsync($"/v2/app/referrers/{subject}?artifactType={Sbom}");

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal([known.Value, legacy.Value], Digests(await all.JsonAsync()));
        Assert.Equal([known.Value], Digests(await filtered.JsonAsync()));
    }

    private async Task<(Digest Digest, byte[] Manifest)> PushReferrerAsync(Digest subject, string? artifactType)
    {
        var config = RegistryClient.RandomBytes(16);
        await Client.PushBlobAsync("app", config);
        var document = RegistryClient.ImageManifest(config);
        document["subject"] = new JsonObject { ["mediaType"] = MediaTypes.OciImageManifest, ["digest"] = subject.Value, ["size"] = 2 };
        document["annotations"] = new JsonObject { ["key"] = "value" };
        if (artifactType is not null)
        {
            document["artifactType"] = artifactType;
        }

        var manifest = document.Bytes();
        var digest = Digest.Of(manifest, DigestAlgorithm.Sha256);
        using var response = await Client.PutManifestAsync("app", digest.Value, manifest);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(subject.Value, response.Header("OCI-Subject"));
        return (digest, manifest);
    }

    private static string[] Digests(JsonNode index) => [.. index["manifests"]!.AsArray().Select(entry => (string)entry!["digest"]!)];
}
