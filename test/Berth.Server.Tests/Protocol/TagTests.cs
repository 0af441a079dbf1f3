using System.Net;
using System.Text;

namespace Berth.Server.Tests.Protocol;

public sealed class TagTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    private HttpClient Client => _registry.Client;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_tag_says_where_it_points()
    {
        var (digest, manifest) = await Client.PushImageAsync("app", "v1");

        using var response = await Client.GetAsync("/v2/app/tags/v1");
        var document = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("v1", (string?)document["name"]);
        Assert.Equal(digest.Value, (string?)document["digest"]);
        Assert.Equal(MediaTypes.OciImageManifest, (string?)document["mediaType"]);
        Assert.Equal(manifest.Length, (int)document["size"]!);
        Assert.NotNull(document["createdAt"]);
        Assert.NotNull(document["updatedAt"]);
    }

    [Fact]
    public async Task A_tag_can_be_made_moved_and_deleted_without_a_manifest_push()
    {
        var (first, _) = await Client.PushImageAsync("app", "v1");
        var (second, _) = await Client.PushImageAsync("app", "v2");

        using var made = await MoveAsync("app", "stable", first.Value);
        using var moved = await MoveAsync("app", "stable", second.Value);
        using var pulled = await Client.HeadAsync("/v2/app/manifests/stable");
        using var deleted = await Client.DeleteAsync("/v2/app/tags/stable");
        using var gone = await Client.GetAsync("/v2/app/tags/stable");
        using var again = await Client.DeleteAsync("/v2/app/tags/stable");
        using var manifest = await Client.HeadAsync($"/v2/app/manifests/{second}");

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(HttpStatusCode.Created, moved.StatusCode);
        Assert.Equal(second.Value, pulled.Header("Docker-Content-Digest"));
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        await gone.AssertRefusedAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await again.AssertRefusedAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        Assert.Equal(HttpStatusCode.OK, manifest.StatusCode);
    }

    [Fact]
    public async Task A_tag_points_only_at_a_manifest_of_its_repository()
    {
        var (digest, _) = await Client.PushImageAsync("one", "v1");

        using var response = await MoveAsync("two", "stolen", digest.Value);

        await response.AssertRefusedAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"digest\":1}")]
    [InlineData("{\"digest\":\"latest\"}")]
    [InlineData("{\"digest\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"more\":1}")]
    [InlineData("{\"digest\":\"a\",\"digest\":\"b\"}")]
    public async Task A_body_that_names_no_digest_is_refused(string body)
    {
        using var response = await Client.SendAsync(HttpMethod.Put, "/v2/app/tags/v1", Encoding.UTF8.GetBytes(body));

        await response.AssertRefusedAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task A_body_far_too_long_is_413()
    {
        using var response = await Client.SendAsync(HttpMethod.Put, "/v2/app/tags/v1", new byte[5000]);

        await response.AssertRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
    }

    private Task<HttpResponseMessage> MoveAsync(string repository, string tag, string digest) =>
        Client.SendAsync(HttpMethod.Put, $"/v2/{repository}/tags/{tag}", Encoding.UTF8.GetBytes($$"""{"digest":"{{digest}}"}"""));
}
