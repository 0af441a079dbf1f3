using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.Server.Tests.Protocol;

public sealed class ManifestTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    private HttpClient Client => _registry.Client;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_manifest_comes_back_byte_for_byte_by_tag_and_by_digest()
    {
        var (digest, manifest) = await Client.PushImageAsync("team/app", "v1");

        foreach (var reference in new[] { "v1", digest.Value, digest.Value.Replace(":", "%3A", StringComparison.Ordinal) })
        {
            using var response = await Client.GetAsync($"/v2/team/app/manifests/{reference}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(manifest, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.Equal(MediaTypes.OciImageManifest, response.Header("Content-Type"));
            Assert.Equal(digest.Value, response.Header("Docker-Content-Digest"));
            Assert.Equal($"\"{digest}\"", response.Header("ETag"));
            Assert.Equal(manifest.Length, response.Content.Headers.ContentLength);

            using var head = await Client.HeadAsync($"/v2/team/app/manifests/{reference}");
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(manifest.Length, head.Content.Headers.ContentLength);
        }
    }

    [Fact]
    public async Task A_push_says_where_the_manifest_is()
    {
        await Client.PushBlobAsync("app", "{}"u8.ToArray());
        var manifest = RegistryClient.ImageManifest("{}"u8.ToArray()).Bytes();

        using var response = await Client.PutManifestAsync("app", "latest", manifest);

        var digest = Digest.Of(manifest, DigestAlgorithm.Sha256);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/v2/app/manifests/{digest}", response.Headers.Location!.ToString());
        Assert.Equal(digest.Value, response.Header("Docker-Content-Digest"));
        Assert.Null(response.Header("OCI-Subject"));
        Assert.Null(response.Header("OCI-Tag"));
    }

    [Fact]
    public async Task Pushing_again_moves_the_tag()
    {
        var (first, _) = await Client.PushImageAsync("app", "latest");
        var (second, _) = await Client.PushImageAsync("app", "latest");

        using var latest = await Client.HeadAsync("/v2/app/manifests/latest");
        using var old = await Client.HeadAsync($"/v2/app/manifests/{first}");

        Assert.Equal(second.Value, latest.Header("Docker-Content-Digest"));
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task A_push_by_digest_can_bring_tags(string algorithm)
    {
        Assert.True(DigestAlgorithm.TryParse(algorithm, out var parsed));
        await Client.PushBlobAsync("app", "{}"u8.ToArray());
        var manifest = RegistryClient.ImageManifest("{}"u8.ToArray()).Bytes();
        var digest = Digest.Of(manifest, parsed);

        using var response = await Client.PutManifestAsync("app", $"{digest}?tag=a&tag=b", manifest);
        using var byTag = await Client.GetAsync("/v2/app/manifests/b");
        using var withTag = await Client.PutManifestAsync("app", "c?tag=d", manifest);
        using var invalid = await Client.PutManifestAsync("app", $"{digest}?tag=a&tag=-b", manifest);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("a, b", response.Header("OCI-Tag"));
        Assert.Equal(digest.Value, response.Header("Docker-Content-Digest"));
        Assert.Equal(digest.Value, byTag.Header("Docker-Content-Digest"));
        await withTag.AssertRefusedAsync(HttpStatusCode.BadRequest, "TAG_INVALID");
        await invalid.AssertRefusedAsync(HttpStatusCode.BadRequest, "TAG_INVALID");
    }

    [Fact]
    public async Task A_manifest_whose_blobs_are_not_there_is_refused_with_each_of_them()
    {
        var manifest = RegistryClient.ImageManifest([1], [2], [3]).Bytes();

        using var response = await Client.PutManifestAsync("app", "latest", manifest);
        using var absent = await Client.HeadAsync("/v2/app/manifests/latest");

        await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        Assert.Equal(3, (await response.JsonAsync())["errors"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task A_blob_of_another_repository_does_not_count()
    {
        await Client.PushBlobAsync("one", "{}"u8.ToArray());

        using var response = await Client.PutManifestAsync("two", "latest", RegistryClient.ImageManifest("{}"u8.ToArray()).Bytes());

        await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
    }

    [Fact]
    public async Task A_descriptor_with_the_wrong_size_is_refused()
    {
        await Client.PushBlobAsync("app", "{}"u8.ToArray());
        var manifest = RegistryClient.ImageManifest("{}"u8.ToArray());
        manifest["config"]!["size"] = 3;

        using var response = await Client.PutManifestAsync("app", "latest", manifest.Bytes());

        await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    [Fact]
    public async Task An_index_needs_its_children_and_protects_them()
    {
        var (child, bytes) = await Client.PushImageAsync("app", "amd64");
        var index = RegistryClient.Index(RegistryClient.DescriptorOf(bytes, MediaTypes.OciImageManifest)).Bytes();
        var indexDigest = Digest.Of(index, DigestAlgorithm.Sha256);

        using var elsewhere = await Client.PutManifestAsync("other", "multi", index, MediaTypes.OciImageIndex);
        using var pushed = await Client.PutManifestAsync("app", "multi", index, MediaTypes.OciImageIndex);
        using var refused = await Client.DeleteAsync($"/v2/app/manifests/{child}");
        using var indexDeleted = await Client.DeleteAsync($"/v2/app/manifests/{indexDigest}");
        using var childDeleted = await Client.DeleteAsync($"/v2/app/manifests/{child}");

        await elsewhere.AssertRefusedAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        await refused.AssertRefusedAsync(HttpStatusCode.MethodNotAllowed, "DENIED");
        Assert.Equal(HttpStatusCode.Accepted, indexDeleted.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, childDeleted.StatusCode);
    }

    [Fact]
    public async Task Docker_manifests_and_lists_keep_their_types()
    {
        await Client.PushBlobAsync("app", "{}"u8.ToArray());
        var image = RegistryClient.ImageManifest("{}"u8.ToArray());
        image["mediaType"] = MediaTypes.DockerManifest;
        var list = RegistryClient.Index(RegistryClient.DescriptorOf(image.Bytes(), MediaTypes.DockerManifest));
        list["mediaType"] = MediaTypes.DockerManifestList;

        using var imagePushed = await Client.PutManifestAsync("app", "image", image.Bytes(), MediaTypes.DockerManifest);
        using var listPushed = await Client.PutManifestAsync("app", "list", list.Bytes(), MediaTypes.DockerManifestList);
        using var pulled = await Client.GetAsync("/v2/app/manifests/list", ("Accept", MediaTypes.DockerManifest));

        Assert.Equal(HttpStatusCode.Created, imagePushed.StatusCode);
        Assert.Equal(HttpStatusCode.Created, listPushed.StatusCode);
        Assert.Equal(MediaTypes.DockerManifestList, pulled.Header("Content-Type"));
        Assert.Equal(list.Bytes(), await pulled.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_manifest_of_an_unknown_type_is_stored_and_served_as_it_is()
    {
        var document = Encoding.UTF8.GetBytes("""{ "anything": [1, 2], "goes": true }""");

        using var pushed = await Client.PutManifestAsync("app", "thing", document, "application/vnd.example.thing.v1+json; charset=utf-8");
        using var pulled = await Client.GetAsync("/v2/app/manifests/thing");

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal("application/vnd.example.thing.v1+json", pulled.Header("Content-Type"));
        Assert.Equal(document, await pulled.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("bad type")]
    [InlineData("application")]
    [InlineData("a/b/c")]
    [InlineData("tëxt/plain")]
    public async Task A_media_type_that_no_header_could_carry_is_refused(string mediaType)
    {
        var document = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = mediaType };

        using var response = await Client.PutManifestAsync("app", "latest", document.Bytes(), mediaType: null);

        await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    [Fact]
    public async Task Four_mebibytes_are_accepted_and_one_byte_more_is_413()
    {
        await Client.PushBlobAsync("app", "{}"u8.ToArray());
        var manifest = RegistryClient.ImageManifest("{}"u8.ToArray());
        manifest["annotations"] = new JsonObject { ["a"] = "" };
        manifest["annotations"]!["a"] = new string('x', Manifest.MaxBytes - manifest.Bytes().Length);
        var largest = manifest.Bytes();
        var tooLarge = largest.Append((byte)' ').ToArray();

        using var accepted = await Client.PutManifestAsync("app", "large", largest);
        using var sized = await Client.PutManifestAsync("app", "larger", tooLarge);
        using var streamed = await Client.SendAsync(
            HttpMethod.Put, "/v2/app/manifests/larger", tooLarge, ("Content-Type", MediaTypes.OciImageManifest), ("Transfer-Encoding", "chunked"));

        Assert.Equal(Manifest.MaxBytes, largest.Length);
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
        await sized.AssertRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
        await streamed.AssertRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
    }

    [Fact]
    public async Task A_reference_that_is_not_the_digest_of_the_bytes_is_refused()
    {
        await Client.PushBlobAsync("app", "{}"u8.ToArray());
        var manifest = RegistryClient.ImageManifest("{}"u8.ToArray()).Bytes();
        var other = Digest.Of([1], DigestAlgorithm.Sha256);

        using var mismatch = await Client.PutManifestAsync("app", other.Value, manifest);
        using var malformed = await Client.PutManifestAsync("app", "sha256:baddigeststring", manifest);
        using var get = await Client.GetAsync("/v2/app/manifests/sha256:baddigeststring");
        using var unknown = await Client.GetAsync($"/v2/app/manifests/{other}", ("If-None-Match", $"\"{other}\""));

        await mismatch.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await malformed.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await get.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await unknown.AssertRefusedAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task Deleting_by_tag_keeps_the_manifest_and_by_digest_takes_the_tags()
    {
        var (digest, manifest) = await Client.PushImageAsync("app", "one");
        using var second = await Client.PutManifestAsync("app", "two", manifest);

        using var tagDeleted = await Client.DeleteAsync("/v2/app/manifests/one");
        using var tagGone = await Client.HeadAsync("/v2/app/manifests/one");
        using var still = await Client.HeadAsync($"/v2/app/manifests/{digest}");
        using var deleted = await Client.DeleteAsync($"/v2/app/manifests/{digest}");
        using var otherTagGone = await Client.HeadAsync("/v2/app/manifests/two");
        using var again = await Client.DeleteAsync($"/v2/app/manifests/{digest}");
        using var list = await Client.GetAsync("/v2/app/tags/list");

        Assert.Equal(HttpStatusCode.Accepted, tagDeleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, tagGone.StatusCode);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, otherTagGone.StatusCode);
        await again.AssertRefusedAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        Assert.Empty((await list.JsonAsync())["tags"]!.AsArray());
    }

    [Fact]
    public async Task A_matching_condition_saves_the_transfer()
    {
        var (digest, _) = await Client.PushImageAsync("app", "latest");

        using var quoted = await Client.GetAsync("/v2/app/manifests/latest", ("If-None-Match", $"\"{digest}\""));
        using var bare = await Client.GetAsync("/v2/app/manifests/latest", ("If-None-Match", digest.Value));

        Assert.Equal(HttpStatusCode.NotModified, quoted.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, bare.StatusCode);
    }
}
