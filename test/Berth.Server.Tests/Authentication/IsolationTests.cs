using System.Net;
using System.Text;
using Berth.Access;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Authentication;

/// <summary>A repository shows nothing of another one to those who may not see that, and what is somebody's stays theirs.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private AccessFixture _fixture = null!;
    private HttpClient _alice = null!;
    private HttpClient _bob = null!;
    private HttpClient _creator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fixture = await AccessFixture.StartAsync(
            ["alice", "bob", "creator"],
            hasTokens: true,
            Rules.Of("alice/*", "alice", RepositoryAction.Admin),
            Rules.Of("bob/*", "bob", RepositoryAction.Admin),
            Rules.Of("shared/*", "alice bob", RepositoryAction.Admin),
            Rules.Of("shared/*", "creator", RepositoryAction.Pull | RepositoryAction.Push),
            Rules.Of("**", "root", RepositoryAction.Admin));
        (_alice, _bob, _creator) = (_fixture.ClientOf("alice"), _fixture.ClientOf("bob"), _fixture.ClientOf("creator"));
    }

    public ValueTask DisposeAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        _creator.Dispose();
        return _fixture.DisposeAsync();
    }

    [Fact]
    public async Task SEC_11_a_digest_that_only_an_unreadable_repository_has_is_as_one_that_nobody_has()
    {
        var secret = RegistryClient.RandomBytes(100);
        var stored = await _alice.PushBlobAsync("alice/app", secret);
        var unknown = Digest.Of(RegistryClient.RandomBytes(100), DigestAlgorithm.Sha256);
        await _bob.PushImageAsync("bob/app", "latest");

        foreach (var (method, path) in new[]
        {
            ("HEAD", "/v2/bob/app/blobs/{0}"),
            ("GET", "/v2/bob/app/blobs/{0}"),
            ("DELETE", "/v2/bob/app/blobs/{0}"),
            ("GET", "/v2/bob/app/manifests/{0}"),
            ("GET", "/v2/bob/app/referrers/{0}"),
            ("GET", "/v2/alice/app/blobs/{0}"),
            ("POST", "/v2/bob/app/blobs/uploads/?mount={0}"),
            ("POST", "/v2/bob/app/blobs/uploads/?mount={0}&from=alice/app"),
        })
        {
            Assert.Equal(await DescribeAsync(_bob, method, path, unknown), await DescribeAsync(_bob, method, path, stored));
        }

        // A manifest cannot name it into the repository, either.
        using var put = await _bob.PutManifestAsync("bob/app", "stolen", RegistryClient.ImageManifest(secret).Bytes());
        await put.AssertRefusedAsync(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
    }

    [Fact]
    public async Task SEC_33_a_mount_from_an_unreadable_repository_starts_an_upload_and_links_nothing()
    {
        var content = RegistryClient.RandomBytes(100);
        var digest = await _alice.PushBlobAsync("alice/app", content);
        var token = AccessFixture.Bearer(_fixture.Tokens.Issue("alice", ("shared/app", "pull,push")));

        using var unreadable = await _bob.SendAsync(HttpMethod.Post, $"/v2/bob/app/blobs/uploads/?mount={digest}&from=alice/app");
        using var missing = await _bob.SendAsync(HttpMethod.Post, $"/v2/bob/app/blobs/uploads/?mount={digest}&from=nobody/app");
        using var outOfScope = await _fixture.Client.SendAsync(HttpMethod.Post, $"/v2/shared/app/blobs/uploads/?mount={digest}&from=alice/app", null, token);
        using var anywhere = await _bob.SendAsync(HttpMethod.Post, $"/v2/bob/app/blobs/uploads/?mount={digest}");
        using var linked = await _bob.HeadAsync($"/v2/bob/app/blobs/{digest}");
        using var readable = await _alice.SendAsync(HttpMethod.Post, $"/v2/shared/app/blobs/uploads/?mount={digest}&from=alice/app");

        Assert.Equal(HttpStatusCode.Accepted, unreadable.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, missing.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, outOfScope.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, anywhere.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, linked.StatusCode);
        Assert.Equal(HttpStatusCode.Created, readable.StatusCode);
    }

    [Fact]
    public async Task A_mount_from_anywhere_is_for_those_who_may_pull_everything()
    {
        var digest = await _alice.PushBlobAsync("alice/app", RegistryClient.RandomBytes(100));
        await File.AppendAllLinesAsync(_fixture.HtpasswdPath, [AccessFixture.Line("root")], Cancellation);
        using var root = _fixture.ClientOf("root");

        using var mounted = await root.SendAsync(HttpMethod.Post, $"/v2/shared/app/blobs/uploads/?mount={digest}");

        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
    }

    [Fact]
    public async Task SEC_47_lists_have_only_what_is_readable_and_nothing_of_others_changes_them()
    {
        await _alice.PushImageAsync("alice/app", "latest");
        await _alice.PushImageAsync("shared/one", "latest");
        var (subject, _) = await _bob.PushImageAsync("bob/app", "latest");
        var before = await ListAsync();

        var (hidden, _) = await _alice.PushImageAsync("alice/zzz", "latest");
        await _alice.PushImageAsync("alice/aaa", "signature", manifest => manifest["subject"] = new System.Text.Json.Nodes.JsonObject
        {
            ["mediaType"] = MediaTypes.OciImageManifest, ["digest"] = subject.Value, ["size"] = 1,
        });
        using var deleted = await _alice.DeleteAsync($"/v2/alice/zzz/manifests/{hidden}");

        Assert.Equal(["bob/app", "shared/one"], before.Names);
        Assert.Equal(before.Answer, (await ListAsync()).Answer);

        async Task<(string[] Names, string Answer)> ListAsync()
        {
            using var catalog = await _bob.GetAsync("/v2/_catalog?n=2");
            using var referrers = await _bob.GetAsync($"/v2/bob/app/referrers/{subject}");
            using var tags = await _bob.GetAsync("/v2/alice/app/tags/list");
            var names = (await catalog.JsonAsync())["repositories"]!.AsArray().Select(name => name!.GetValue<string>()).ToArray();
            return (names, $"{string.Join(' ', names)} {catalog.Header("Link")} {await referrers.Content.ReadAsStringAsync(Cancellation)} {await tags.Content.ReadAsStringAsync(Cancellation)}");
        }
    }

    [Fact]
    public async Task SEC_31_an_upload_is_there_for_whoever_started_it_and_in_its_repository_only()
    {
        var content = RegistryClient.RandomBytes(100);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var location = await _alice.StartUploadAsync("shared/app");
        var path = location.Split('?')[0];

        foreach (var client in new[] { _bob, _creator })
        {
            await AssertUnknownAsync(client, path);
        }

        await AssertUnknownAsync(_alice, path.Replace("shared/app", "alice/app", StringComparison.Ordinal));
        using var appended = await _alice.SendAsync(HttpMethod.Patch, path, content[..50]);
        await AssertUnknownAsync(_bob, path);
        using var finished = await _alice.SendAsync(HttpMethod.Put, $"{path}?digest={digest}", content[50..]);
        using var again = await _alice.SendAsync(HttpMethod.Put, $"{path}?digest={digest}");
        using var stolen = await _bob.SendAsync(HttpMethod.Put, $"{path}?digest={digest}");

        Assert.Equal(HttpStatusCode.Accepted, appended.StatusCode);
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, stolen.StatusCode);
        Assert.Equal(22, path.Split('/')[^1].Length); // 128 random bits

        async Task AssertUnknownAsync(HttpClient client, string target)
        {
            using var status = await client.GetAsync(target);
            using var append = await client.SendAsync(HttpMethod.Patch, target, content);
            using var finish = await client.SendAsync(HttpMethod.Put, $"{target}?digest={digest}", content);
            using var cancel = await client.DeleteAsync(target);
            foreach (var response in new[] { status, append, finish, cancel })
            {
                await response.AssertRefusedAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
            }
        }
    }

    [Fact]
    public async Task An_upload_goes_on_with_another_token_of_the_same_name()
    {
        var content = RegistryClient.RandomBytes(10);
        using var first = await _fixture.Client.SendAsync(HttpMethod.Post, "/v2/shared/app/blobs/uploads/", null, Token("alice"));
        var location = first.Headers.Location!.ToString();

        using var stranger = await _fixture.Client.SendAsync(HttpMethod.Patch, location, content, Token("bob"));
        using var second = await _fixture.Client.SendAsync(HttpMethod.Patch, location, content, Token("alice"));

        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);

        (string, string) Token(string name) => AccessFixture.Bearer(_fixture.Tokens.Issue(name, ("shared/app", "pull,push")));
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("v1.0")]
    [InlineData("sha256-0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task SEC_14_who_may_only_create_moves_no_tag_whichever_way(string tag)
    {
        var (original, bytes) = await _alice.PushImageAsync("shared/app", tag);
        var (other, replacement) = await _creator.PushImageAsync("shared/app", "mine");
        var unseen = RegistryClient.Index().Bytes();

        using var byTag = await _creator.PutManifestAsync("shared/app", tag, replacement);
        using var byDigest = await _creator.PutManifestAsync("shared/app", $"{other}?tag=fresh&tag={tag}", replacement);
        using var unseenByDigest = await _creator.PutManifestAsync(
            "shared/app", $"{Digest.Of(unseen, DigestAlgorithm.Sha256)}?tag={tag}", unseen, MediaTypes.OciImageIndex);
        using var byMove = await _creator.SendAsync(HttpMethod.Put, $"/v2/shared/app/tags/{tag}", Encoding.UTF8.GetBytes($$"""{"digest":"{{other}}"}"""));
        foreach (var response in new[] { byTag, byDigest, unseenByDigest, byMove })
        {
            await response.AssertRefusedAsync(HttpStatusCode.Forbidden, "DENIED");
        }

        // Nothing of a refused push is there, and to push the same again is no move.
        using var fresh = await _creator.HeadAsync("/v2/shared/app/manifests/fresh");
        using var stored = await _creator.HeadAsync($"/v2/shared/app/manifests/{Digest.Of(unseen, DigestAlgorithm.Sha256)}");
        using var same = await _creator.PutManifestAsync("shared/app", tag, bytes);
        using var pulled = await _creator.HeadAsync($"/v2/shared/app/manifests/{tag}");
        Assert.Equal(HttpStatusCode.NotFound, fresh.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, stored.StatusCode);
        Assert.Equal(HttpStatusCode.Created, same.StatusCode);
        Assert.Equal(original.Value, pulled.Header("Docker-Content-Digest"));

        using var moved = await _bob.PutManifestAsync("shared/app", tag, replacement);
        Assert.Equal(HttpStatusCode.Created, moved.StatusCode);
    }

    [Fact]
    public async Task SEC_14_of_two_creates_that_race_exactly_one_wins()
    {
        var images = new List<byte[]>();
        for (var index = 0; index < 8; index++)
        {
            images.Add((await _creator.PushImageAsync("shared/app", $"image{index}")).Manifest);
        }

        for (var round = 0; round < 5; round++)
        {
            var responses = await Task.WhenAll(images.Select(image => _creator.PutManifestAsync("shared/app", $"contested{round}", image)));
            var winner = Array.FindIndex(responses, response => response.StatusCode == HttpStatusCode.Created);
            using var pulled = await _creator.HeadAsync($"/v2/shared/app/manifests/contested{round}");

            Assert.Equal(1, responses.Count(response => response.StatusCode == HttpStatusCode.Created));
            Assert.Equal(7, responses.Count(response => response.StatusCode == HttpStatusCode.Forbidden));
            Assert.Equal(Digest.Of(images[winner], DigestAlgorithm.Sha256).Value, pulled.Header("Docker-Content-Digest"));
            Array.ForEach(responses, response => response.Dispose());
        }
    }

    private static async Task<string> DescribeAsync(HttpClient client, string method, string path, Digest digest)
    {
        using var response = await client.SendAsync(new HttpMethod(method), path.Replace("{0}", digest.Value, StringComparison.Ordinal));
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Location" or "Docker-Upload-UUID" or "Docker-Upload-Uuid"))
            .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        return $"{method} {path} {(int)response.StatusCode}\n{string.Join('\n', headers)}\n{body}".Replace(digest.Value, "DIGEST", StringComparison.Ordinal);
    }
}
