using System.Net;
using Berth.Server.Protocol;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Clients;

/// <summary>How clients ask: what they accept, how they spell digests and queries, which methods they try, where they are led.</summary>
public sealed class RequestTests(ConformanceRegistry registry) : IClassFixture<ConformanceRegistry>
{
    private const string Repository = "team/app";

    private readonly ConformanceClient _client = new(registry.Client);

    [Theory]
    [InlineData("")]
    [InlineData("Accept: */*\r\n")]
    [InlineData("Accept: \r\n")]
    [InlineData("Accept: application/json\r\n")]
    [InlineData("Accept: text/html;q=0.1, image/*\r\n")]
    [InlineData("Accept: ;;, //, q=\r\n")]
    [InlineData("Accept: application/vnd.docker.distribution.manifest.v1+prettyjws\r\n")]
    [InlineData("Accept: application/vnd.docker.distribution.manifest.v2+json, */*\r\n")]
    [InlineData("Accept: application/vnd.oci.image.index.v1+json\r\nAccept: application/vnd.oci.image.manifest.v1+json\r\n")]
    [InlineData("Accept-Encoding: gzip, deflate, br, zstd\r\n")]
    [InlineData("Accept-Encoding: identity;q=0\r\n")]
    [InlineData("Authorization: Basic Og==\r\nCookie: a=b\r\n")]
    [InlineData("Content-Type: application/vnd.oci.image.manifest.v1+json\r\n")]
    [InlineData("Range: bytes=0-9\r\n")]
    public async Task A_manifest_is_served_as_it_is_whatever_the_client_says_it_takes(string headers)
    {
        var (digest, manifest) = await registry.Client.PushImageAsync(Repository, "latest");

        foreach (var reference in new[] { "latest", digest.Value })
        {
            var target = $"/v2/{Repository}/manifests/{reference}";
            var pulled = await RawConnection.AskAsync(registry.Port, $"GET {target} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
            var head = await RawConnection.AskAsync(registry.Port, $"HEAD {target} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");

            Assert.Equal(manifest, pulled.Body);
            foreach (var answer in new[] { pulled, head })
            {
                Assert.Equal(200, answer.Status);
                Assert.Equal(MediaTypes.OciImageManifest, answer.Header("Content-Type"));
                Assert.Equal(digest.Value, answer.Header("Docker-Content-Digest"));
                Assert.Equal($"{manifest.Length}", answer.Header("Content-Length"));
                Assert.Null(answer.Header("Content-Encoding"));
            }
        }
    }

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/v2/_catalog")]
    [InlineData("/v2/_catalog?n=1")]
    [InlineData("/v2/team/app/tags/list")]
    [InlineData("/v2/team/app/tags/list?n=1")]
    [InlineData("/v2/team/app/tags/latest")]
    [InlineData("/v2/team/app/manifests/latest")]
    [InlineData("/v2/team/app/manifests/none")]
    [InlineData("/v2/team/app/manifests/.none")]
    [InlineData("/v2/team/app/manifests/sha256:short")]
    [InlineData("/v2/team/app/blobs/sha256:short")]
    [InlineData("/v2/team/app/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("/v2/team/app/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/v2/team/app/referrers/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("/v2/none/tags/list")]
    [InlineData("/v2/UPPER/tags/list")]
    [InlineData("/v2/nowhere")]
    [InlineData("/")]
    [InlineData("/nowhere")]
    public async Task Head_answers_as_get_does_but_for_the_body(string target)
    {
        await registry.Client.PushImageAsync(Repository, "latest");
        using var connection = await RawConnection.OpenAsync(registry.Port);

        foreach (var request in new[] { $"GET {target}", $"HEAD {target}", "GET /v2/" })
        {
            await connection.SendAsync($"{request} HTTP/1.1\r\nHost: x\r\n\r\n");
        }

        var get = await connection.ReadAsync();
        var head = await connection.ReadAsync(isHead: true);
        var next = await connection.ReadAsync();

        Assert.Equal(get.Status, head.Status);
        foreach (var name in new[] { "Content-Type", "Content-Length", "Docker-Content-Digest", "ETag", "Link" })
        {
            Assert.Equal(get.Header(name), head.Header(name));
        }

        Assert.Equal("{}", next.Text);
    }

    [Theory]
    [InlineData("/v2/", "GET, HEAD")]
    [InlineData("/v2/_catalog", "GET, HEAD")]
    [InlineData("/v2/team/app/tags/list", "DELETE, GET, HEAD, PUT")]
    [InlineData("/v2/team/app/manifests/latest", "DELETE, GET, HEAD, PUT")]
    [InlineData("/v2/team/app/blobs/sha256:short", "DELETE, GET, HEAD")]
    [InlineData("/v2/team/app/blobs/uploads/", "POST")]
    [InlineData("/v2/team/app/blobs/uploads/x", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("/v2/team/app/referrers/x", "GET, HEAD")]
    public async Task Options_says_which_methods_there_are(string target, string allowed)
    {
        using var response = await registry.Client.SendAsync(HttpMethod.Options, target);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(allowed, response.Header("Allow"));
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("%3A")]
    [InlineData("%3a")]
    public async Task The_colon_of_a_digest_may_be_escaped_anywhere(string colon)
    {
        var content = RegistryClient.RandomBytes(100);
        var blob = Escape(Digest.Of(content, DigestAlgorithm.Sha256));
        var client = registry.Client;

        using var posted = await client.SendAsync(HttpMethod.Post, $"/v2/{Repository}/blobs/uploads/?digest={blob}", content);
        using var mounted = await client.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?from=team%2Fapp&mount={blob}");
        using var head = await client.HeadAsync($"/v2/{Repository}/blobs/{blob}");
        using var referrers = await _client.GetAsync($"/v2/{Repository}/referrers/{blob}");
        using var deleted = await _client.DeleteAsync($"/v2/{Repository}/blobs/{blob}");
        var (digest, manifest) = await client.PushImageAsync(Repository, "latest");
        using var put = await client.PutManifestAsync(Repository, Escape(digest), manifest);
        using var manifestDeleted = await _client.DeleteAsync($"/v2/{Repository}/manifests/{Escape(digest)}");

        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await referrers.ReferrersAsync());
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, manifestDeleted.StatusCode);

        string Escape(Digest of) => of.Value.Replace(":", colon, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_in_upper_case_is_no_digest()
    {
        var digest = await registry.Client.PushBlobAsync(Repository, RegistryClient.RandomBytes(100));
        var upper = $"sha256:{digest.Hex.ToString().ToUpperInvariant()}";
        var location = await registry.Client.StartUploadAsync(Repository);

        using var blob = await _client.GetAsync($"/v2/{Repository}/blobs/{upper}");
        using var manifest = await _client.GetAsync($"/v2/{Repository}/manifests/{upper}");
        using var referrers = await _client.GetAsync($"/v2/{Repository}/referrers/{upper}");
        using var put = await registry.Client.SendAsync(HttpMethod.Put, location.With($"digest={upper}"), [1]);
        using var mounted = await registry.Client.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={upper}&from={Repository}");

        foreach (var response in new[] { blob, manifest, referrers, put })
        {
            await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        }

        Assert.Equal(HttpStatusCode.Accepted, mounted.StatusCode);
    }

    [Theory]
    [InlineData("/v2/team/app/tags/list/")]
    [InlineData("/v2/team/app/manifests/latest/")]
    [InlineData("/v2/team/app/referrers/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/")]
    [InlineData("/v2/team/app/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA/")]
    [InlineData("/v2/_catalog/")]
    public async Task A_slash_too_many_leads_nowhere(string target)
    {
        using var response = await _client.GetAsync(target);

        await response.AssertRefusedAsync(HttpStatusCode.NotFound, "UNSUPPORTED");
    }

    [Fact]
    public async Task An_upload_may_start_without_the_slash()
    {
        using var started = await registry.Client.SendAsync(HttpMethod.Post, $"/v2/{Repository}/blobs/uploads");

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
    }

    [Theory]
    [InlineData("{0}&digest={1}")]
    [InlineData("digest={1}&{0}")]
    [InlineData("x=y&digest={1}&&{0}&=")]
    [InlineData("digest={1}")]
    public async Task The_order_of_a_query_means_nothing_and_what_is_unknown_is_passed_over(string query)
    {
        var content = RegistryClient.RandomBytes(100);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var location = (await registry.Client.StartUploadAsync(Repository)).Split('?');

        using var put = await registry.Client.SendAsync(
            HttpMethod.Put,
            $"{location[0]}?{string.Format(System.Globalization.CultureInfo.InvariantCulture, query, location[1], digest)}",
            content);
        using var mounted = await _client.PostAsync($"/v2/other/blobs/uploads/?from={Repository}&x=y&mount={digest}");

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_location_can_be_followed_relative_or_absolute(bool? isRelative)
    {
        await using var other = await RegistryFixture.StartAsync(
            options => options with { Locations = new LocationOptions { IsRelative = isRelative } });
        var content = RegistryClient.RandomBytes(100);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var client = new ConformanceClient(other.Client);
        var prefix = isRelative == false ? other.Client.BaseAddress!.ToString().TrimEnd('/') : "";

        var started = await client.StartUploadAsync(Repository);
        using var patched = await client.SendAsync("PATCH", started, content);
        using var status = await client.GetAsync(patched.Locate());
        using var put = await client.SendAsync("PUT", status.Locate().With($"digest={digest}"));
        using var mounted = await client.PostAsync($"/v2/other/blobs/uploads/?mount={digest}&from={Repository}");
        var config = "{}"u8.ToArray();
        await other.Client.PushBlobAsync(Repository, config);
        var image = RegistryClient.ImageManifest(config, content).Bytes();
        using var manifest = await other.Client.PutManifestAsync(Repository, "latest", image);

        Assert.StartsWith($"{prefix}/v2/{Repository}/blobs/uploads/", started, StringComparison.Ordinal);
        foreach (var response in new[] { patched, status, put, mounted, manifest })
        {
            Assert.StartsWith($"{prefix}/v2/", response.Locate(), StringComparison.Ordinal);
            using var followed = await client.GetAsync(response.Locate());
            var isUpload = response == patched || response == status; // which is over by now
            await followed.AssertStatusAsync(isUpload ? 404 : 200);
        }
    }
}
