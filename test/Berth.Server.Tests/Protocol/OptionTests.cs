using System.Net;
using Berth.Manifests;
using Berth.Server.Protocol;

namespace Berth.Server.Tests.Protocol;

/// <summary>What changes when the registry is told to behave otherwise.</summary>
public sealed class OptionTests
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    [Fact]
    public async Task A_read_only_registry_refuses_every_change_and_serves_the_rest()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var (digest, manifest) = await registry.Client.PushImageAsync("app", "latest");
        await registry.RestartAsync(options => options with { Registry = new RegistryOptions { IsReadOnly = true } });
        var client = registry.Client;

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/v2/app/blobs/uploads/"),
            (HttpMethod.Post, $"/v2/app/blobs/uploads/?digest={digest}"),
            (HttpMethod.Post, $"/v2/app/blobs/uploads/?mount={digest}&from=app"),
            (HttpMethod.Patch, "/v2/app/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA"),
            (HttpMethod.Put, $"/v2/app/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA?digest={digest}"),
            (HttpMethod.Delete, "/v2/app/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA"),
            (HttpMethod.Delete, $"/v2/app/blobs/{digest}"),
            (HttpMethod.Delete, "/v2/app/manifests/latest"),
            (HttpMethod.Delete, $"/v2/app/manifests/{digest}"),
            (HttpMethod.Delete, "/v2/app/tags/latest"),
        })
        {
            using var response = await client.SendAsync(method, path);
            await response.AssertRefusedAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        }

        using var put = await client.PutManifestAsync("app", "other", manifest);
        using var move = await client.SendAsync(HttpMethod.Put, "/v2/app/tags/other", System.Text.Encoding.UTF8.GetBytes($$"""{"digest":"{{digest}}"}"""));
        using var pull = await client.GetAsync("/v2/app/manifests/latest");
        await put.AssertRefusedAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        await move.AssertRefusedAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        Assert.Equal(HttpStatusCode.OK, pull.StatusCode);
    }

    [Fact]
    public async Task With_deletion_off_nothing_goes_but_uploads_can_be_cancelled()
    {
        await using var registry = await RegistryFixture.StartAsync(options => options with { Registry = new RegistryOptions { IsDeleteEnabled = false } });
        var client = registry.Client;
        var (digest, _) = await client.PushImageAsync("app", "latest");
        var blob = await client.PushBlobAsync("app", [1, 2, 3]);

        foreach (var path in new[] { "/v2/app/manifests/latest", $"/v2/app/manifests/{digest}", "/v2/app/tags/latest", $"/v2/app/blobs/{blob}" })
        {
            using var response = await client.DeleteAsync(path);
            await response.AssertRefusedAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        }

        using var cancelled = await client.DeleteAsync(await client.StartUploadAsync("app"));
        using var pull = await client.GetAsync("/v2/app/manifests/latest");
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal(HttpStatusCode.OK, pull.StatusCode);
    }

    [Fact]
    public async Task Sparse_manifests_and_indexes_are_accepted_when_allowed()
    {
        await using var registry = await RegistryFixture.StartAsync(options => options with
        {
            Registry = new RegistryOptions { Demands = new ManifestDemands { IsSparseAllowed = true, IndexPlatforms = IndexPlatforms.None } },
        });

        using var image = await registry.Client.PutManifestAsync("app", "image", RegistryClient.ImageManifest([1], [2]).Bytes());
        using var index = await registry.Client.PutManifestAsync(
            "app", "index", RegistryClient.Index(RegistryClient.DescriptorOf([3], MediaTypes.OciImageManifest)).Bytes(), MediaTypes.OciImageIndex);

        Assert.Equal(HttpStatusCode.Created, image.StatusCode);
        Assert.Equal(HttpStatusCode.Created, index.StatusCode);
    }

    [Fact]
    public async Task Only_the_platforms_listed_are_demanded()
    {
        await using var registry = await RegistryFixture.StartAsync(options => options with
        {
            Registry = new RegistryOptions
            {
                Demands = new ManifestDemands { IndexPlatforms = IndexPlatforms.List, Platforms = new HashSet<Platform> { new("linux", "amd64") } },
            },
        });

        using var demanded = await PushIndexAsync("amd64");
        using var other = await PushIndexAsync("s390x");

        await demanded.AssertRefusedAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);

        Task<HttpResponseMessage> PushIndexAsync(string architecture)
        {
            var child = RegistryClient.DescriptorOf([3], MediaTypes.OciImageManifest);
            child["platform"] = new System.Text.Json.Nodes.JsonObject { ["os"] = "linux", ["architecture"] = architecture };
            return registry.Client.PutManifestAsync("app", architecture, RegistryClient.Index(child).Bytes(), MediaTypes.OciImageIndex);
        }
    }

    [Fact]
    public async Task Locations_follow_the_configured_address_the_trusted_proxy_or_nothing()
    {
        const string Relative = "/v2/app/blobs/uploads/";
        Assert.StartsWith(Relative, await LocateAsync(new LocationOptions()), StringComparison.Ordinal);
        Assert.StartsWith(
            "https://registry.example/base" + Relative,
            await LocateAsync(new LocationOptions { PublicAddress = new Uri("https://registry.example/base/"), IsRelative = true }),
            StringComparison.Ordinal);
        Assert.StartsWith("http://127.0.0.1:", await LocateAsync(new LocationOptions { IsRelative = false }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-Proto", "https", "X-Forwarded-Host", "r.example:8443, inner", "https://r.example:8443/v2/")]
    [InlineData("Forwarded", "for=1.2.3.4;proto=https;host=\"r.example\", for=5.6.7.8", "X-Ignored", "1", "https://r.example/v2/")]
    [InlineData("X-Forwarded-Proto", "javascript", "X-Forwarded-Host", "r.example", "/v2/")]
    [InlineData("X-Forwarded-Proto", "https", "X-Forwarded-Host", "user@r.example", "/v2/")]
    [InlineData("X-Forwarded-Proto", "https", "X-Forwarded-Host", "r.example/path", "/v2/")]
    [InlineData("X-Ignored", "1", "X-Ignored2", "2", "/v2/")]
    public async Task A_trusted_proxy_is_believed_if_it_makes_sense(string name1, string value1, string name2, string value2, string expected)
    {
        var options = new LocationOptions { TrustedProxies = [Loopback] };

        Assert.StartsWith(expected, await LocateAsync(options, (name1, value1), (name2, value2)), StringComparison.Ordinal);
        Assert.StartsWith("/v2/", await LocateAsync(new LocationOptions(), (name1, value1), (name2, value2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_secret_only_locations_of_this_registry_are_followed()
    {
        await using var registry = await RegistryFixture.StartAsync(options => options with { Secret = "s3cret" });
        var location = await registry.Client.StartUploadAsync("app");

        using var forged = await registry.Client.SendAsync(HttpMethod.Patch, location.Replace("_state=0", "_state=1", StringComparison.Ordinal), [1]);
        using var unsigned = await registry.Client.SendAsync(HttpMethod.Patch, location.Split('?')[0] + "?_state=0", [1]);
        using var followed = await registry.Client.SendAsync(HttpMethod.Patch, location, [1]);

        await forged.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_INVALID");
        await unsigned.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_INVALID");
        Assert.Equal(HttpStatusCode.Accepted, followed.StatusCode);
    }

    private static async Task<string> LocateAsync(LocationOptions locations, params (string Name, string Value)[] headers)
    {
        await using var registry = await RegistryFixture.StartAsync(options => options with { Locations = locations });
        using var response = await registry.Client.SendAsync(HttpMethod.Post, "/v2/app/blobs/uploads/", null, headers);
        return response.Headers.Location!.ToString();
    }
}
