using System.Net;
using System.Text;
using Berth.Access;
using Berth.Server.Protocol;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Authentication;

/// <summary>Every endpoint and verb, asked by everybody, about every kind of repository, compared with one small function that says what must come.</summary>
public sealed class MatrixTests : IAsyncLifetime
{
    private const string Own = "own/app";
    private const string Other = "other/app";
    private const string Public = "public/app";
    private const string Missing = "missing/app";

    private static readonly string[] Repositories = [Own, Other, Public, Missing];

    /// <summary>Requests by endpoint and verb. One that the server has and this list has not fails the test.</summary>
    private static readonly Dictionary<(RouteKind, string), Call> Calls = new()
    {
        [(RouteKind.Base, "GET")] = new("/v2/", RepositoryAction.None),
        [(RouteKind.Base, "HEAD")] = new("/v2/", RepositoryAction.None),
        [(RouteKind.Catalog, "GET")] = new("/v2/_catalog", RepositoryAction.None),
        [(RouteKind.Catalog, "HEAD")] = new("/v2/_catalog", RepositoryAction.None),
        [(RouteKind.Manifest, "GET")] = new("/v2/{name}/manifests/latest", RepositoryAction.Pull),
        [(RouteKind.Manifest, "HEAD")] = new("/v2/{name}/manifests/latest", RepositoryAction.Pull),
        [(RouteKind.Manifest, "PUT")] = new("/v2/{name}/manifests/new", RepositoryAction.Push, Index),
        [(RouteKind.Manifest, "DELETE")] = new("/v2/{name}/manifests/none", RepositoryAction.Delete),
        [(RouteKind.Blob, "GET")] = new("/v2/{name}/blobs/{blob}", RepositoryAction.Pull),
        [(RouteKind.Blob, "HEAD")] = new("/v2/{name}/blobs/{blob}", RepositoryAction.Pull),
        [(RouteKind.Blob, "DELETE")] = new("/v2/{name}/blobs/{none}", RepositoryAction.Delete),
        [(RouteKind.UploadStart, "POST")] = new("/v2/{name}/blobs/uploads/", RepositoryAction.Push),
        [(RouteKind.Upload, "GET")] = new("/v2/{name}/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA", RepositoryAction.Push),
        [(RouteKind.Upload, "HEAD")] = new("/v2/{name}/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA", RepositoryAction.Push),
        [(RouteKind.Upload, "PATCH")] = new("/v2/{name}/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA", RepositoryAction.Push, "x"),
        [(RouteKind.Upload, "PUT")] = new("/v2/{name}/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA?digest={blob}", RepositoryAction.Push, "x"),
        [(RouteKind.Upload, "DELETE")] = new("/v2/{name}/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA", RepositoryAction.Push),
        [(RouteKind.Tag, "GET")] = new("/v2/{name}/tags/list", RepositoryAction.Pull),
        [(RouteKind.Tag, "HEAD")] = new("/v2/{name}/tags/latest", RepositoryAction.Pull),
        [(RouteKind.Tag, "PUT")] = new("/v2/{name}/tags/new", RepositoryAction.Push, """{"digest":"{none}"}"""),
        [(RouteKind.Tag, "DELETE")] = new("/v2/{name}/tags/none", RepositoryAction.Delete),
        [(RouteKind.Referrers, "GET")] = new("/v2/{name}/referrers/{blob}", RepositoryAction.Pull),
        [(RouteKind.Referrers, "HEAD")] = new("/v2/{name}/referrers/{blob}", RepositoryAction.Pull),
    };

    private const string Index = """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""";

    private static readonly string None = Digest.Of([0], DigestAlgorithm.Sha256).Value;

    private AccessFixture _fixture = null!;
    private Dictionary<string, Asker> _askers = [];
    private string _blob = "";

    public async ValueTask InitializeAsync()
    {
        _fixture = await AccessFixture.StartAsync(
            ["reader", "creator", "writer", "deleter", "admin", "stranger"],
            hasTokens: true,
            Rules.Public("public/*"),
            Rules.Of("own/*", "reader", RepositoryAction.Pull),
            Rules.Of("own/*", "creator", RepositoryAction.Pull | RepositoryAction.Push),
            Rules.Of("own/*", "writer", RepositoryAction.Pull | RepositoryAction.Push | RepositoryAction.Overwrite),
            Rules.Of("own/*", "deleter", RepositoryAction.Delete),
            Rules.Of("**", "admin", RepositoryAction.Admin));
        using var admin = _fixture.ClientOf("admin");
        byte[] content = [1, 2, 3];
        foreach (var repository in new[] { Own, Other, Public })
        {
            await admin.PushImageAsync(repository, "latest");
            _blob = (await admin.PushBlobAsync(repository, content)).Value;
        }

        var expired = TokenServer.Claims("admin", (Own, "*"));
        expired["exp"] = 1_000_000_000;
        var wrongAudience = TokenServer.Claims("admin", (Own, "*"));
        wrongAudience["aud"] = "another registry";
        _askers = new Dictionary<string, Asker>(StringComparer.Ordinal)
        {
            ["anonymous"] = new(null, AskerKind.Anonymous),
            ["reader"] = Password("reader", (Own, RepositoryAction.Pull)),
            ["creator"] = Password("creator", (Own, RepositoryAction.Pull | RepositoryAction.Push)),
            ["writer"] = Password("writer", (Own, RepositoryAction.Pull | RepositoryAction.Push | RepositoryAction.Overwrite)),
            ["deleter"] = Password("deleter", (Own, RepositoryAction.Delete)),
            ["admin"] = Password("admin", [.. Repositories.Select(repository => (repository, RepositoryAction.Admin))]),
            ["stranger"] = Password("stranger"),
            ["wrong password"] = new(AccessFixture.Basic("admin", "guess").Value, AskerKind.Wrong),
            ["removed user"] = new(AccessFixture.As("removed").Value, AskerKind.Wrong),
            ["expired token"] = new($"Bearer {_fixture.Tokens.Sign(expired)}", AskerKind.Wrong),
            ["token for another registry"] = new($"Bearer {_fixture.Tokens.Sign(wrongAudience)}", AskerKind.Wrong),
            ["token of admin to pull"] = Token("admin", (Own, "pull")),
            ["token of reader for all"] = Token("reader", (Own, "*"), (Other, "*"), (Public, "*"), (Missing, "*")),
            ["token of nobody"] = Token("", (Public, "pull")),
        };
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task SEC_15_every_endpoint_answers_everybody_as_the_rules_say()
    {
        var failures = new List<string>();
        foreach (var ((kind, method), call) in Calls)
        {
            foreach (var (name, asker) in _askers)
            {
                foreach (var repository in Repositories)
                {
                    var status = await AskAsync(method, call, repository, asker);
                    var expected = Expected(kind, call.Needs, repository, name, asker);
                    if (expected is { } refusal ? status != refusal : status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or >= HttpStatusCode.InternalServerError)
                    {
                        failures.Add($"{method} {call.Path} of {repository} by {name}: {(int)status}, expected {(expected is { } wanted ? (int)wanted : "to be let in")}");
                    }
                }
            }
        }

        Assert.Empty(failures);
    }

    [Fact]
    public async Task Every_endpoint_of_the_server_is_in_the_matrix()
    {
        foreach (var kind in Enum.GetValues<RouteKind>())
        {
            var path = Calls.First(call => call.Key.Item1 == kind).Value.Path;
            using var response = await _fixture.Client.SendAsync(HttpMethod.Options, Fill(path, Own), null, AccessFixture.As("admin"));
            var methods = response.Content.Headers.Allow;

            Assert.Equal(methods.Order(StringComparer.Ordinal), Calls.Keys.Where(call => call.Item1 == kind).Select(call => call.Item2).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task SEC_24_what_a_caller_may_not_see_answers_as_what_does_not_exist()
    {
        foreach (var ((_, method), call) in Calls.Where(call => call.Key.Item1 is not (RouteKind.Base or RouteKind.Catalog)))
        {
            foreach (var asker in new[] { "anonymous", "stranger", "reader", "writer", "token of admin to pull", "token of reader for all" })
            {
                Assert.Equal(await DescribeAsync(Missing), await DescribeAsync(Other));

                async Task<string> DescribeAsync(string repository)
                {
                    using var response = await SendAsync(method, call, repository, _askers[asker]);
                    var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not "Date")
                        .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
                    var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                    var text = $"{method} {call.Path} by {asker}: {(int)response.StatusCode}\n{string.Join('\n', headers)}\n{body}";
                    return text.Replace(repository, "NAME", StringComparison.Ordinal).Replace($"Content-Length: {body.Length}", "", StringComparison.Ordinal)
                        .Replace(response.Content.Headers.ContentLength is { } length ? $"Content-Length: {length}" : "-", "", StringComparison.Ordinal);
                }
            }
        }
    }

    /// <returns>The status of the refusal; null when the request is let in, whatever comes of it then.</returns>
    private static HttpStatusCode? Expected(RouteKind kind, RepositoryAction needs, string repository, string name, Asker asker)
    {
        if (asker.Kind == AskerKind.Wrong)
        {
            return HttpStatusCode.Unauthorized;
        }

        if (kind == RouteKind.Base)
        {
            return asker.Kind == AskerKind.Anonymous ? HttpStatusCode.Unauthorized : null;
        }

        if (kind == RouteKind.Catalog)
        {
            return asker.Kind == AskerKind.Token ? HttpStatusCode.Unauthorized : null; // none of them has the scope for it
        }

        var rights = asker.Rights.GetValueOrDefault(repository) | (repository == Public ? RepositoryAction.Pull : RepositoryAction.None);
        var scope = asker.Scope?.GetValueOrDefault(repository) ?? RepositoryAction.Admin;
        if ((rights & scope).HasFlag(needs))
        {
            return null;
        }

        var isVisible = (rights & scope) != RepositoryAction.None;
        return asker.Kind == AskerKind.Anonymous ? HttpStatusCode.Unauthorized
            : !scope.HasFlag(isVisible ? needs : RepositoryAction.Pull) ? HttpStatusCode.Unauthorized
            : isVisible ? HttpStatusCode.Forbidden
            : HttpStatusCode.NotFound;
    }

    private async Task<HttpStatusCode> AskAsync(string method, Call call, string repository, Asker asker)
    {
        using var response = await SendAsync(method, call, repository, asker);
        return response.StatusCode;
    }

    private Task<HttpResponseMessage> SendAsync(string method, Call call, string repository, Asker asker)
    {
        var headers = new List<(string, string)> { ("Content-Type", MediaTypes.OciImageIndex) };
        if (asker.Authorization is { } authorization)
        {
            headers.Add(("Authorization", authorization));
        }

        var body = call.Body is null ? null : Encoding.UTF8.GetBytes(Fill(call.Body, repository));
        return _fixture.Client.SendAsync(new HttpMethod(method), Fill(call.Path, repository), body, [.. headers]);
    }

    private string Fill(string text, string repository) => text
        .Replace("{name}", repository, StringComparison.Ordinal)
        .Replace("{blob}", _blob, StringComparison.Ordinal)
        .Replace("{none}", None, StringComparison.Ordinal);

    private static Asker Password(string user, params (string Repository, RepositoryAction Actions)[] rights) =>
        new(AccessFixture.As(user).Value, AskerKind.Password) { Rights = rights.ToDictionary(right => right.Repository, right => right.Actions, StringComparer.Ordinal) };

    private Asker Token(string user, params (string Repository, string Actions)[] grants) =>
        new($"Bearer {_fixture.Tokens.Issue(user, grants)}", AskerKind.Token)
        {
            Rights = user switch
            {
                "admin" => Repositories.ToDictionary(repository => repository, _ => RepositoryAction.Admin, StringComparer.Ordinal),
                "reader" => new Dictionary<string, RepositoryAction>(StringComparer.Ordinal) { [Own] = RepositoryAction.Pull },
                _ => [],
            },
            Scope = grants.ToDictionary(
                grant => grant.Repository, grant => grant.Actions == "*" ? RepositoryAction.Admin : RepositoryAction.Pull, StringComparer.Ordinal),
        };

    private enum AskerKind
    {
        Anonymous,
        Password,
        Token,
        Wrong,
    }

    private sealed record Call(string Path, RepositoryAction Needs, string? Body = null);

    private sealed record Asker(string? Authorization, AskerKind Kind)
    {
        public Dictionary<string, RepositoryAction> Rights { get; init; } = [];

        public Dictionary<string, RepositoryAction>? Scope { get; init; }
    }
}
