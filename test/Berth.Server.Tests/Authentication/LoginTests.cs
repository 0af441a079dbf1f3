using System.Net;
using Berth.Access;
using Berth.Server.Authentication;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Authentication;

/// <summary>Logging in with a name and a password, as clients do it.</summary>
public sealed class LoginTests
{
    [Fact]
    public async Task Without_credentials_the_base_path_says_how_to_log_in()
    {
        await using var fixture = await AccessFixture.StartAsync(["alice"], hasTokens: false, rules: null);

        using var response = await fixture.Client.GetAsync("/v2/");

        await response.AssertRefusedAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        Assert.Equal("Basic realm=\"Berth\"", response.Header("WWW-Authenticate"));
        Assert.Equal("registry/2.0", response.Header("Docker-Distribution-Api-Version"));
    }

    [Fact]
    public async Task Whoever_can_log_in_may_do_everything_unless_there_are_rules()
    {
        await using var fixture = await AccessFixture.StartAsync(["alice", "bob"], hasTokens: false, rules: null);
        using var alice = fixture.ClientOf("alice");
        using var bob = fixture.ClientOf("bob");

        var (digest, _) = await alice.PushImageAsync("team/app", "latest");
        await bob.PushImageAsync("team/app", "latest");
        using var nobody = await fixture.Client.GetAsync($"/v2/team/app/manifests/{digest}");
        using var pulled = await bob.GetAsync($"/v2/team/app/manifests/{digest}");
        using var deleted = await bob.DeleteAsync($"/v2/team/app/manifests/{digest}");
        using var listed = await alice.GetAsync("/v2/_catalog");

        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(HttpStatusCode.OK, pulled.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        Assert.Equal("""{"repositories":["team/app"]}""", await listed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static TheoryData<string> WrongCredentials =>
    [
        AccessFixture.Basic("alice", "wrong").Value,
        AccessFixture.Basic("alice", "").Value,
        AccessFixture.Basic("", "alice's password").Value,
        AccessFixture.Basic("mallory", "alice's password").Value,
        AccessFixture.Basic("Alice", "alice's password").Value,
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic YWxpY2U=", // alice, without a colon
        "Basic YWxpY2U6YWxpY2Uncw==",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "Digest username=alice",
        "alice",
    ];

    [Theory]
    [MemberData(nameof(WrongCredentials))]
    public async Task Wrong_credentials_are_never_taken_for_none(string header)
    {
        await using var fixture = await AccessFixture.StartAsync(["alice"], hasTokens: false, Rules.Public("**"));

        foreach (var path in new[] { "/v2/", "/v2/_catalog", "/v2/app/tags/list" })
        {
            using var response = await fixture.Client.GetAsync(path, ("Authorization", header));
            await response.AssertRefusedAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
            Assert.Equal("Basic realm=\"Berth\"", response.Header("WWW-Authenticate"));
        }
    }

    [Fact]
    public async Task Credentials_twice_are_none_to_be_believed()
    {
        await using var fixture = await AccessFixture.StartAsync(["alice"], hasTokens: false, rules: null);

        using var response = await fixture.Client.GetAsync("/v2/", AccessFixture.As("alice"), AccessFixture.As("alice"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Anonymous_callers_pull_what_is_public_but_are_asked_at_the_base_path()
    {
        await using var fixture = await AccessFixture.StartAsync(["alice"], hasTokens: false, Rules.Public("public/**"), Rules.Of("**", "alice", RepositoryAction.Admin));
        using var alice = fixture.ClientOf("alice");
        await alice.PushImageAsync("public/app", "latest");
        await alice.PushImageAsync("private", "latest");

        using var root = await fixture.Client.GetAsync("/v2/");
        using var pulled = await fixture.Client.GetAsync("/v2/public/app/manifests/latest");
        using var pushed = await fixture.Client.SendAsync(HttpMethod.Post, "/v2/public/app/blobs/uploads/");
        using var hidden = await fixture.Client.GetAsync("/v2/private/manifests/latest");
        using var listed = await fixture.Client.GetAsync("/v2/_catalog");

        Assert.Equal(HttpStatusCode.Unauthorized, root.StatusCode);
        Assert.Equal(HttpStatusCode.OK, pulled.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, pushed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, hidden.StatusCode);
        Assert.Equal("""{"repositories":["public/app"]}""", await listed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_empty_name_and_password_are_none_as_podman_means_them()
    {
        await using var fixture = await AccessFixture.StartAsync(["alice"], hasTokens: false, Rules.Public("public/**"), Rules.Of("**", "alice", RepositoryAction.Admin));
        using var alice = fixture.ClientOf("alice");
        await alice.PushImageAsync("public/app", "latest");

        using var root = await fixture.Client.GetAsync("/v2/", AccessFixture.Basic("", ""));
        using var pulled = await fixture.Client.GetAsync("/v2/public/app/manifests/latest", AccessFixture.Basic("", ""));
        using var hidden = await fixture.Client.GetAsync("/v2/private/manifests/latest", AccessFixture.Basic("", ""));

        Assert.Equal(HttpStatusCode.Unauthorized, root.StatusCode);
        Assert.Equal(HttpStatusCode.OK, pulled.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, hidden.StatusCode);
    }

    [Fact]
    public async Task A_refusal_says_what_was_missing()
    {
        await using var fixture = await AccessFixture.StartAsync(["alice"], hasTokens: false, Rules.Of("team/*", "alice", RepositoryAction.Pull));
        using var alice = fixture.ClientOf("alice");

        using var refused = await alice.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/");
        using var hidden = await alice.SendAsync(HttpMethod.Post, "/v2/other/blobs/uploads/");

        await refused.AssertRefusedAsync(HttpStatusCode.Forbidden, "DENIED");
        Assert.Contains("no rule gives alice push on team/app", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await hidden.AssertRefusedAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
    }

    [Fact]
    public async Task Silly_takes_anything_and_asks_for_it()
    {
        await using var registry = await RegistryFixture.StartAsync(options => options with
        {
            Authentication = new AuthenticationOptions { Silly = new SillyOptions("r", "s") },
        });

        using var nothing = await registry.Client.GetAsync("/v2/app/tags/list");
        using var anything = await registry.Client.GetAsync("/v2/", ("Authorization", "Anything at all"));

        Assert.Equal(HttpStatusCode.Unauthorized, nothing.StatusCode);
        Assert.Equal("Bearer realm=\"r\",service=\"s\",scope=\"repository:app:pull\"", nothing.Header("WWW-Authenticate"));
        Assert.Equal(HttpStatusCode.OK, anything.StatusCode);
    }

    [Fact]
    public async Task SEC_26_no_way_of_writing_a_path_leads_around_the_door()
    {
        await using var fixture = await AccessFixture.StartAsync(["alice"], hasTokens: false, rules: null);
        string[] paths =
        [
            "/v2", "/v2/", "/v2//", "/V2/", "/v2/_catalog", "/v2/_catalog/", "/v2//_catalog", "/v2/_Catalog", "/v2/_catalog;x", "/v2/%5fcatalog", "/v2/_catalog%00",
            "/v2/_catalog?n=1", "/v2/./_catalog", "/v2/x/../_catalog", "/v2/app/tags/list/", "/v2/app/tags//list", "/v2/app/Tags/list", "/v2/app/tags/list%20",
            "/v2/app%2ftags/list", "//v2/_catalog", "/v2\\_catalog", "/v2/app/manifests/", "/v2/app/manifests/latest/..", "/v2/app/blobs/uploads", "/v2/app/blobs/uploads/",
            "/v2/APP/tags/list",
        ];

        foreach (var path in paths)
        {
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND" })
            {
                var status = await RawRequest.StatusAsync(fixture.Registry.Port, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                Assert.True(status is 400 or 401 or 404 or 405 && (status != 405 || !path.StartsWith("/v2/", StringComparison.Ordinal)), $"{method} {path}: {status}");
            }
        }
    }
}
