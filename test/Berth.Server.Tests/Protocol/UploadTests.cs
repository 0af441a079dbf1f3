using System.Net;

namespace Berth.Server.Tests.Protocol;

public sealed class UploadTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    private HttpClient Client => _registry.Client;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_session_starts_with_a_location_a_range_and_an_id()
    {
        using var response = await Client.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.StartsWith("/v2/team/app/blobs/uploads/", response.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("0-0", response.Header("Range"));
        Assert.Equal(22, response.Header("Docker-Upload-Uuid")!.Length);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task Chunks_in_order_become_a_blob(string algorithm)
    {
        Assert.True(DigestAlgorithm.TryParse(algorithm, out var parsed));
        var content = RegistryClient.RandomBytes(3000);
        var digest = Digest.Of(content, parsed);
        var location = await Client.StartUploadAsync("app");

        using var first = await Client.SendAsync(HttpMethod.Patch, location, content[..1000], ("Content-Range", "0-999"));
        using var second = await Client.SendAsync(HttpMethod.Patch, first.Headers.Location!.ToString(), content[1000..2000], ("Content-Range", "1000-1999"));
        using var last = await Client.SendAsync(
            HttpMethod.Put, second.Headers.Location!.ToString().With($"digest={digest}"), content[2000..], ("Content-Range", "2000-2999"));
        using var blob = await Client.GetAsync(last.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("0-999", first.Header("Range"));
        Assert.Equal("0-1999", second.Header("Range"));
        Assert.Equal(HttpStatusCode.Created, last.StatusCode);
        Assert.Equal(digest.Value, last.Header("Docker-Content-Digest"));
        Assert.Equal(content, await blob.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_algorithm_can_be_announced_at_the_start()
    {
        var content = RegistryClient.RandomBytes(1000);
        var digest = Digest.Of(content, DigestAlgorithm.Sha512);
        var location = await Client.StartUploadAsync("app", "?digest-algorithm=sha512");

        using var chunk = await Client.SendAsync(HttpMethod.Patch, location, content);
        using var finished = await Client.SendAsync(HttpMethod.Put, chunk.Headers.Location!.ToString().With($"digest={digest}"));
        using var unknown = await Client.SendAsync(HttpMethod.Post, "/v2/app/blobs/uploads/?digest-algorithm=md5");

        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
        await unknown.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Theory]
    [InlineData("2000-2999")]
    [InlineData("0-999")]
    [InlineData("999-1998")]
    public async Task A_chunk_out_of_order_is_416_and_the_upload_goes_on(string range)
    {
        var content = RegistryClient.RandomBytes(2000);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var location = await Client.StartUploadAsync("app");
        using var first = await Client.SendAsync(HttpMethod.Patch, location, content[..1000], ("Content-Range", "0-999"));
        var next = first.Headers.Location!.ToString();

        using var patch = await Client.SendAsync(HttpMethod.Patch, next, RegistryClient.RandomBytes(1000), ("Content-Range", range));
        using var put = await Client.SendAsync(HttpMethod.Put, next.With($"digest={digest}"), RegistryClient.RandomBytes(1000), ("Content-Range", range));
        using var status = await Client.GetAsync(next);
        using var finished = await Client.SendAsync(
            HttpMethod.Put, status.Headers.Location!.ToString().With($"digest={digest}"), content[1000..], ("Content-Range", "1000-1999"));

        await patch.AssertRefusedAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "RANGE_INVALID");
        await put.AssertRefusedAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "RANGE_INVALID");
        Assert.Equal(HttpStatusCode.NoContent, status.StatusCode);
        Assert.Equal("0-999", status.Header("Range"));
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    [Fact]
    public async Task A_repeated_request_to_an_old_location_is_416_instead_of_appending_twice()
    {
        var content = RegistryClient.RandomBytes(100);
        var location = await Client.StartUploadAsync("app");
        using var first = await Client.SendAsync(HttpMethod.Patch, location, content);

        using var repeated = await Client.SendAsync(HttpMethod.Patch, location, content);

        await repeated.AssertRefusedAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "RANGE_INVALID");
    }

    [Theory]
    [InlineData("bytes 0-99/100")]
    [InlineData("0-")]
    [InlineData("-99")]
    [InlineData("a-b")]
    [InlineData("99-0")]
    [InlineData("0-99999999999999999999")]
    public async Task A_malformed_content_range_is_refused(string range)
    {
        var location = await Client.StartUploadAsync("app");

        using var response = await Client.SendAsync(HttpMethod.Patch, location, RegistryClient.RandomBytes(100), ("Content-Range", range));

        await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "RANGE_INVALID");
    }

    [Theory]
    [InlineData("0-98")]
    [InlineData("0-100")]
    public async Task A_content_range_of_another_length_is_refused_and_nothing_is_kept(string range)
    {
        var location = await Client.StartUploadAsync("app");

        using var sized = await Client.SendAsync(HttpMethod.Patch, location, RegistryClient.RandomBytes(100), ("Content-Range", range));
        using var streamed = await Client.SendAsync(
            HttpMethod.Patch, location, RegistryClient.RandomBytes(100), ("Content-Range", range), ("Transfer-Encoding", "chunked"));
        using var status = await Client.GetAsync(location);

        await sized.AssertRefusedAsync(HttpStatusCode.BadRequest, "SIZE_INVALID");
        await streamed.AssertRefusedAsync(HttpStatusCode.BadRequest, "SIZE_INVALID");
        Assert.Equal("0-0", status.Header("Range"));
    }

    [Fact]
    public async Task A_wrong_digest_is_refused_and_the_right_one_still_works()
    {
        var content = RegistryClient.RandomBytes(500);
        var wrong = Digest.Of([1], DigestAlgorithm.Sha256);
        var right = Digest.Of(content, DigestAlgorithm.Sha256);
        var location = await Client.StartUploadAsync("app");

        using var refused = await Client.SendAsync(HttpMethod.Put, location.With($"digest={wrong}"), content);
        using var absent = await Client.HeadAsync($"/v2/app/blobs/{wrong}");
        using var finished = await Client.SendAsync(HttpMethod.Put, location.With($"digest={right}"), content);

        await refused.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("digest=")]
    [InlineData("digest=sha256:short")]
    [InlineData("digest=md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("digest=sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("digest=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855&digest=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task A_closing_request_needs_exactly_one_valid_digest(string query)
    {
        var location = await Client.StartUploadAsync("app");

        using var response = await Client.SendAsync(HttpMethod.Put, location.With(query), []);

        await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task A_blob_can_come_in_one_post()
    {
        var content = RegistryClient.RandomBytes(700);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);

        using var created = await Client.SendAsync(HttpMethod.Post, $"/v2/app/blobs/uploads/?digest={digest}", content);
        using var wrong = await Client.SendAsync(HttpMethod.Post, $"/v2/app/blobs/uploads/?digest={digest}", content[1..]);
        using var blob = await Client.GetAsync(created.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(digest.Value, created.Header("Docker-Content-Digest"));
        await wrong.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        Assert.Equal(content, await blob.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_form_content_type_does_not_eat_the_body()
    {
        var content = "a=b&digest=x"u8.ToArray();
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var location = await Client.StartUploadAsync("app");

        using var response = await Client.SendAsync(
            HttpMethod.Put, location.With($"digest={digest}"), content, ("Content-Type", "application/x-www-form-urlencoded"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task A_cancelled_upload_is_gone()
    {
        var location = await Client.StartUploadAsync("app");

        using var cancelled = await Client.DeleteAsync(location);
        using var status = await Client.GetAsync(location);
        using var again = await Client.DeleteAsync(location);

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        await status.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        await again.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Fact]
    public async Task An_upload_belongs_to_its_repository()
    {
        var location = (await Client.StartUploadAsync("one")).Replace("/one/", "/two/", StringComparison.Ordinal).Split('?')[0];

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Patch, HttpMethod.Delete })
        {
            using var response = await Client.SendAsync(method, location);
            await response.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task An_unknown_upload_is_404(string id)
    {
        using var response = await Client.SendAsync(HttpMethod.Patch, $"/v2/app/blobs/uploads/{id}", [1]);

        await response.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Fact]
    public async Task A_repeated_closing_request_finds_the_blob_it_made()
    {
        var content = RegistryClient.RandomBytes(10);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var location = (await Client.StartUploadAsync("app")).With($"digest={digest}");
        using var first = await Client.SendAsync(HttpMethod.Put, location, content);

        using var repeated = await Client.SendAsync(HttpMethod.Put, location, content);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, repeated.StatusCode);
    }

    [Fact]
    public async Task Mounting_links_a_blob_without_sending_it()
    {
        var content = RegistryClient.RandomBytes(64);
        var digest = await Client.PushBlobAsync("source", content);

        using var mounted = await Client.SendAsync(HttpMethod.Post, $"/v2/target/blobs/uploads/?mount={digest}&from=source");
        using var anonymous = await Client.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={digest}");
        using var blob = await Client.GetAsync(mounted.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Equal(digest.Value, mounted.Header("Docker-Content-Digest"));
        Assert.Equal(HttpStatusCode.Created, anonymous.StatusCode);
        Assert.Equal(content, await blob.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("mount=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855&from=source")]
    [InlineData("mount=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855&from=UPPER")]
    [InlineData("mount=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("mount=nonsense&from=source")]
    public async Task A_mount_that_cannot_be_done_becomes_an_upload(string query)
    {
        using var response = await Client.SendAsync(HttpMethod.Post, $"/v2/target/blobs/uploads/?{query}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.NotNull(response.Headers.Location);
    }

    [Fact]
    public async Task Uploads_go_on_after_a_restart()
    {
        var content = RegistryClient.RandomBytes(300_000);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var location = await Client.StartUploadAsync("app");
        using var chunk = await Client.SendAsync(HttpMethod.Patch, location, content[..200_000]);

        await _registry.RestartAsync();
        using var status = await Client.GetAsync(location);
        using var finished = await Client.SendAsync(HttpMethod.Put, status.Headers.Location!.ToString().With($"digest={digest}"), content[200_000..]);

        Assert.Equal("0-199999", status.Header("Range"));
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }
}
