using System.Net;

namespace Berth.Server.Tests.Protocol;

public sealed class BlobTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    private HttpClient Client => _registry.Client;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_pushed_blob_comes_back_with_all_its_headers()
    {
        var content = RegistryClient.RandomBytes(3 * 1024 * 1024 + 17);
        var digest = await Client.PushBlobAsync("team/app", content);

        using var response = await Client.GetAsync($"/v2/team/app/blobs/{digest}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(content.Length, response.Content.Headers.ContentLength);
        Assert.Equal("application/octet-stream", response.Header("Content-Type"));
        Assert.Equal(digest.Value, response.Header("Docker-Content-Digest"));
        Assert.Equal($"\"{digest}\"", response.Header("ETag"));
        Assert.Equal("bytes", response.Header("Accept-Ranges"));
        Assert.Equal("registry/2.0", response.Header("Docker-Distribution-Api-Version"));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Head_has_the_same_headers_and_no_body()
    {
        var digest = await Client.PushBlobAsync("app", RegistryClient.RandomBytes(100));

        using var response = await Client.HeadAsync($"/v2/app/blobs/{digest}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(100, response.Content.Headers.ContentLength);
        Assert.Equal(digest.Value, response.Header("Docker-Content-Digest"));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_blob_of_another_repository_is_unknown()
    {
        var digest = await Client.PushBlobAsync("one", RegistryClient.RandomBytes(10));

        using var response = await Client.GetAsync($"/v2/two/blobs/{digest}");

        await response.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
    }

    [Theory]
    [InlineData("bytes=500-1499", 500, 1499)]
    [InlineData("bytes=500-", 500, 2047)]
    [InlineData("bytes=-500", 1548, 2047)]
    [InlineData("bytes=2000-5000", 2000, 2047)]
    [InlineData("bytes=0-0", 0, 0)]
    [InlineData("BYTES=0-99999999999999999999", 0, 2047)]
    [InlineData("bytes=-99999999999999999999", 0, 2047)]
    public async Task A_range_is_sent_as_asked(string range, int first, int last)
    {
        var content = RegistryClient.RandomBytes(2048);
        var digest = await Client.PushBlobAsync("app", content);

        using var response = await Client.GetAsync($"/v2/app/blobs/{digest}", ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {first}-{last}/2048", response.Header("Content-Range"));
        Assert.Equal(content[first..(last + 1)], await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("bytes=500-0")]
    [InlineData("bytes=5000-10000")]
    [InlineData("bytes=2048-")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=-")]
    [InlineData("bytes=")]
    [InlineData("bytes=1 - 2")]
    [InlineData("bytes=99999999999999999999-")]
    public async Task A_range_that_cannot_be_sent_is_416_with_the_size(string range)
    {
        var digest = await Client.PushBlobAsync("app", RegistryClient.RandomBytes(2048));

        using var response = await Client.GetAsync($"/v2/app/blobs/{digest}", ("Range", range));

        await response.AssertRefusedAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "RANGE_INVALID");
        Assert.Equal("bytes */2048", response.Header("Content-Range"));
    }

    [Theory]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("items=0-1")]
    public async Task Ranges_that_are_not_done_get_everything(string range)
    {
        var digest = await Client.PushBlobAsync("app", RegistryClient.RandomBytes(2048));

        using var response = await Client.GetAsync($"/v2/app/blobs/{digest}", ("Range", range));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2048, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Conditions_are_answered_by_the_digest()
    {
        var digest = await Client.PushBlobAsync("app", RegistryClient.RandomBytes(20));
        var path = $"/v2/app/blobs/{digest}";

        using var same = await Client.GetAsync(path, ("If-None-Match", $"\"sha256:other\", W/\"{digest}\""));
        using var any = await Client.GetAsync(path, ("If-None-Match", "*"));
        using var other = await Client.GetAsync(path, ("If-None-Match", "\"sha256:other\""));
        using var mismatch = await Client.GetAsync(path, ("If-Match", "\"sha256:other\""));
        using var stale = await Client.GetAsync(path, ("Range", "bytes=0-1"), ("If-Range", "\"sha256:other\""));
        using var fresh = await Client.GetAsync(path, ("Range", "bytes=0-1"), ("If-Range", $"\"{digest}\""));

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal($"\"{digest}\"", same.Header("ETag"));
        Assert.Equal(HttpStatusCode.NotModified, any.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, mismatch.StatusCode);
        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        Assert.Equal(HttpStatusCode.PartialContent, fresh.StatusCode);
    }

    [Fact]
    public async Task The_empty_blob_is_a_blob()
    {
        var digest = await Client.PushBlobAsync("app", []);

        using var response = await Client.GetAsync($"/v2/app/blobs/{digest}");
        using var range = await Client.GetAsync($"/v2/app/blobs/{digest}", ("Range", "bytes=0-0"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, range.StatusCode);
    }

    [Fact]
    public async Task A_sha512_blob_is_a_blob_of_its_own()
    {
        var content = RegistryClient.RandomBytes(1000);
        var digest = await Client.PushBlobAsync("app", content, DigestAlgorithm.Sha512);

        using var response = await Client.GetAsync($"/v2/app/blobs/{digest}");
        using var other = await Client.GetAsync($"/v2/app/blobs/{Digest.Of(content, DigestAlgorithm.Sha256)}");

        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(digest.Value, response.Header("Docker-Content-Digest"));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_at_once_and_only_from_its_repository()
    {
        var content = RegistryClient.RandomBytes(30);
        var digest = await Client.PushBlobAsync("one", content);
        await Client.PushBlobAsync("two", content);

        using var deleted = await Client.DeleteAsync($"/v2/one/blobs/{digest}");
        using var gone = await Client.HeadAsync($"/v2/one/blobs/{digest}");
        using var again = await Client.DeleteAsync($"/v2/one/blobs/{digest}");
        using var other = await Client.HeadAsync($"/v2/two/blobs/{digest}");

        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await again.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_blob_that_a_manifest_needs_cannot_be_deleted_before_it()
    {
        var (manifest, document) = await Client.PushImageAsync("app", "latest");
        var layer = Manifest.Parse(document, null).References[1].Descriptor.Digest;

        using var refused = await Client.DeleteAsync($"/v2/app/blobs/{layer}");
        using var manifestDeleted = await Client.DeleteAsync($"/v2/app/manifests/{manifest}");
        using var deleted = await Client.DeleteAsync($"/v2/app/blobs/{layer}");

        await refused.AssertRefusedAsync(HttpStatusCode.MethodNotAllowed, "DENIED");
        Assert.Equal(HttpStatusCode.Accepted, manifestDeleted.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
    }
}
