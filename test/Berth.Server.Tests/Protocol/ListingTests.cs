using System.Net;
using System.Text.Json.Nodes;

namespace Berth.Server.Tests.Protocol;

public sealed class ListingTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    private HttpClient Client => _registry.Client;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync(options => options with
    {
        Listings = new() { MaxTags = 5, MaxCatalogEntries = 5 },
    });

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Tags_are_listed_whole_in_byte_order_when_no_number_is_asked_for()
    {
        await PushTagsAsync("b", "a-1", "a", "a.1", "A", "z", "_", "10", "9");

        using var response = await Client.GetAsync("/v2/app/tags/list");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("app", (string?)(await response.JsonAsync())["name"]);
        Assert.Equal(["10", "9", "A", "_", "a", "a-1", "a.1", "b", "z"], await TagsAsync(response));
        Assert.Null(response.Header("Link"));
    }

    [Fact]
    public async Task Pages_follow_their_links_and_bring_every_tag_once()
    {
        await PushTagsAsync("a", "a-1", "a.1", "b", "c");

        using var first = await Client.GetAsync("/v2/app/tags/list?n=2");
        using var second = await Client.GetAsync(Next(first));
        using var third = await Client.GetAsync(Next(second));

        Assert.Equal("</v2/app/tags/list?last=a-1&n=2>; rel=\"next\"", first.Header("Link"));
        Assert.Equal(["a", "a-1", "a.1", "b", "c"], [.. await TagsAsync(first), .. await TagsAsync(second), .. await TagsAsync(third)]);
        Assert.Null(third.Header("Link"));
    }

    [Fact]
    public async Task A_page_that_ends_exactly_at_the_last_tag_has_no_link()
    {
        await PushTagsAsync("a", "b");

        using var response = await Client.GetAsync("/v2/app/tags/list?n=2");

        Assert.Equal(["a", "b"], await TagsAsync(response));
        Assert.Null(response.Header("Link"));
    }

    [Theory]
    [InlineData("?n=0", "")]
    [InlineData("?last=b", "c,d,e,f,g")]
    [InlineData("?last=bb", "c,d,e,f,g")]
    [InlineData("?n=1&last=zzz", "")]
    [InlineData("?n=1000000", "a,b,c,d,e")]
    [InlineData("?n=99999999999999999999", "a,b,c,d,e")]
    [InlineData("?n=1&last=%2f%00", "a")]
    public async Task Numbers_and_starts_are_taken_as_far_as_they_make_sense(string query, string expected)
    {
        await PushTagsAsync("a", "b", "c", "d", "e", "f", "g");

        using var response = await Client.GetAsync($"/v2/app/tags/list{query}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, string.Join(',', await TagsAsync(response)));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("1e3")]
    [InlineData("%205")]
    [InlineData("%D9%A3")]
    [InlineData("1&n=2")]
    public async Task A_number_that_is_none_is_refused(string number)
    {
        await PushTagsAsync("a");

        using var tags = await Client.GetAsync($"/v2/app/tags/list?n={number}");
        using var catalog = await Client.GetAsync($"/v2/_catalog?n={number}");

        await tags.AssertRefusedAsync(HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID");
        await catalog.AssertRefusedAsync(HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID");
    }

    [Fact]
    public async Task An_unknown_repository_has_no_tag_list()
    {
        using var response = await Client.GetAsync("/v2/nobody/tags/list");
        using var paged = await Client.GetAsync("/v2/nobody/tags/list?n=1");

        await response.AssertRefusedAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
        await paged.AssertRefusedAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
    }

    [Fact]
    public async Task The_catalogue_pages_through_repositories_in_byte_order()
    {
        foreach (var name in new[] { "b", "a/b", "a", "a-b", "a/b/c", "ab" })
        {
            await Client.PushImageAsync(name, "latest");
        }

        await Client.PushBlobAsync("only-blobs", [1]);

        using var first = await Client.GetAsync("/v2/_catalog?n=4");
        using var second = await Client.GetAsync(Next(first));
        using var tooMany = await Client.GetAsync("/v2/_catalog?n=6");

        Assert.Equal(["a", "a-b", "a/b", "a/b/c"], await RepositoriesAsync(first));
        Assert.Equal("</v2/_catalog?last=a%2Fb%2Fc&n=4>; rel=\"next\"", first.Header("Link"));
        Assert.Equal(["ab", "b"], await RepositoriesAsync(second));
        Assert.Null(second.Header("Link"));
        await tooMany.AssertRefusedAsync(HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID");
    }

    [Fact]
    public async Task The_catalogue_of_an_empty_registry_is_empty()
    {
        using var response = await Client.GetAsync("/v2/_catalog");

        Assert.Equal("""{"repositories":[]}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task PushTagsAsync(params string[] tags)
    {
        var (_, manifest) = await Client.PushImageAsync("app", tags[0]);
        foreach (var tag in tags)
        {
            using var response = await Client.PutManifestAsync("app", tag, manifest);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }
    }

    private static string Next(HttpResponseMessage response) => response.Header("Link")!.Split('<', '>')[1];

    private static async Task<string[]> TagsAsync(HttpResponseMessage response) => Strings((await response.JsonAsync())["tags"]);

    private static async Task<string[]> RepositoriesAsync(HttpResponseMessage response) => Strings((await response.JsonAsync())["repositories"]);

    private static string[] Strings(JsonNode? array) => [.. array!.AsArray().Select(item => (string)item!)];
}
