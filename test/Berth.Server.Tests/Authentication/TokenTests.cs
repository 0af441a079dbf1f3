using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Berth.Access;
using Berth.Server.Authentication;
using Berth.Server.Protocol;
using Berth.Server.Tests.Protocol;
using Microsoft.IdentityModel.Tokens;

namespace Berth.Server.Tests.Authentication;

/// <summary>Tokens of an external token server: what is believed, and what a client is told.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private AccessFixture _fixture = null!;

    private TokenServer Tokens => _fixture.Tokens;

    public async ValueTask InitializeAsync() => _fixture = await AccessFixture.StartAsync([], hasTokens: true, rules: null);

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v2/", null)]
    [InlineData("GET", "/v2/_catalog", "registry:catalog:*")]
    [InlineData("GET", "/v2/a/b/manifests/latest", "repository:a/b:pull")]
    [InlineData("HEAD", "/v2/a/b/manifests/latest", "repository:a/b:pull")]
    [InlineData("GET", "/v2/a/b/tags/list", "repository:a/b:pull")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/", "repository:a/b:pull,push")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/?mount=x&from=c/d", "repository:a/b:pull,push repository:c/d:pull")]
    [InlineData("PUT", "/v2/a/b/manifests/latest", "repository:a/b:pull,push")]
    [InlineData("DELETE", "/v2/a/b/manifests/latest", "repository:a/b:delete")]
    [InlineData("DELETE", "/v2/a/b/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA", "repository:a/b:pull,push")]
    public async Task A_client_without_a_token_is_told_where_to_get_one_and_for_what(string method, string path, string? scope)
    {
        using var response = await _fixture.Client.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer realm=\"https://tokens.example/auth\",service=\"registry\"" + (scope is null ? "" : $",scope=\"{scope}\""),
            response.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_token_is_good_for_what_it_was_issued_for()
    {
        using var pusher = _fixture.ClientWith(AccessFixture.Bearer(Tokens.Issue("ci", ("a/b", "pull,push"))));
        await pusher.PushImageAsync("a/b", "latest");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/a/b/manifests/latest", Tokens.Issue("ci", ("a/b", "pull"))));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/a/b/manifests/latest", Tokens.Issue("ci", ("a/b", "*"))));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/a/b/manifests/latest", Tokens.Issue("", ("a/b", "pull"))));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", Tokens.Issue("ci")));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync("DELETE", "/v2/a/b/manifests/latest", Tokens.Issue("ci", ("a/b", "delete"))));
    }

    [Theory]
    [InlineData("GET", "/v2/a/b/manifests/latest", "push,delete")]
    [InlineData("GET", "/v2/a/b/blobs/{digest}", "push,delete")]
    [InlineData("GET", "/v2/a/b/tags/list", "push,delete")]
    [InlineData("GET", "/v2/a/b/referrers/{digest}", "push,delete")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/", "pull,delete")]
    [InlineData("PATCH", "/v2/a/b/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA", "pull,delete")]
    [InlineData("PUT", "/v2/a/b/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA?digest={digest}", "pull,delete")]
    [InlineData("PUT", "/v2/a/b/manifests/latest", "pull,delete")]
    [InlineData("PUT", "/v2/a/b/tags/latest", "pull,delete")]
    [InlineData("DELETE", "/v2/a/b/manifests/latest", "pull,push")]
    [InlineData("DELETE", "/v2/a/b/tags/latest", "pull,push")]
    [InlineData("DELETE", "/v2/a/b/blobs/{digest}", "pull,push")]
    [InlineData("GET", "/v2/_catalog", "pull,push,delete,*")]
    public async Task SEC_15_a_token_for_other_actions_is_refused_and_the_client_told_what_to_ask_for(string method, string path, string actions)
    {
        var (digest, body) = (Digest.Of([1], DigestAlgorithm.Sha256), """{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000"}"""u8.ToArray());

        using var response = await _fixture.Client.SendAsync(
            new HttpMethod(method), path.Replace("{digest}", digest.Value, StringComparison.Ordinal), method is "GET" or "DELETE" ? null : body, Bearer(Tokens.Issue("ci", ("a/b", actions))));

        await response.AssertRefusedAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        Assert.EndsWith(",error=\"insufficient_scope\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry", "catalog", "*", true)]
    [InlineData("registry", "catalog", "pull", false)]
    [InlineData("registry", "other", "*", false)]
    [InlineData("repository", "catalog", "*", false)]
    public async Task The_list_of_repositories_has_a_scope_of_its_own(string type, string name, string actions, bool isListed)
    {
        var claims = TokenServer.Claims("ci");
        claims["access"] = new JsonArray(TokenServer.Grant(type, name, actions));

        Assert.Equal(isListed ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await StatusAsync("GET", "/v2/_catalog", Tokens.Sign(claims)));
    }

    [Theory]
    [InlineData("iss", "other")]
    [InlineData("iss", null)]
    [InlineData("aud", "other")]
    [InlineData("aud", null)]
    [InlineData("exp", null)]
    [InlineData("exp", -61)]
    [InlineData("nbf", 70)]
    [InlineData("access", "everything")]
    [InlineData("sub", 7)]
    public async Task SEC_42_a_token_with_a_wrong_claim_is_refused(string claim, object? value)
    {
        var claims = TokenServer.Claims("ci", ("a/b", "pull"));
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value is int number && claim != "sub"
                ? TimeProvider.System.GetUtcNow().AddSeconds(number).ToUnixTimeSeconds()
                : value is string text ? text : 7;
        }

        await AssertInvalidAsync(Tokens.Sign(claims));
    }

    [Theory]
    [InlineData("exp", -40)]
    [InlineData("nbf", 40)]
    public async Task Clocks_may_be_a_minute_apart(string claim, int seconds)
    {
        var claims = TokenServer.Claims("ci", ("a/b", "pull"));
        claims[claim] = TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", Tokens.Sign(claims)));
    }

    [Fact]
    public async Task The_audience_may_be_one_of_several()
    {
        var claims = TokenServer.Claims("ci");
        claims["aud"] = new JsonArray("other", TokenServer.Service);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", Tokens.Sign(claims)));
    }

    [Theory]
    [InlineData("RS256", "rsa", false)]
    [InlineData("PS256", "rsa", true)]
    public async Task RSA_keys_sign_too(string algorithm, string keyId, bool isPss)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["kid"] = keyId };

        var token = Tokens.SignWithRsa(header, TokenServer.Claims("ci"), isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", token));
    }

    [Fact]
    public async Task A_certificate_of_the_bundle_is_a_key_by_its_thumbprint()
    {
        var thumbprint = Base64UrlEncoder.Encode(JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(Tokens.Rsa.ExportParameters(false))).ComputeJwkThumbprint());
        var token = Tokens.SignWithRsa(new JsonObject { ["alg"] = "RS256", ["kid"] = thumbprint }, TokenServer.Claims("ci"));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", token));
    }

    [Fact]
    public async Task SEC_04_certificates_in_a_token_count_only_when_the_bundle_vouches_for_them()
    {
        using var key = RSA.Create(2048);
        using var signer = TokenServer.NewCertificate("CN=signer", key, (Tokens.Root, Tokens.Rsa));
        using var stranger = TokenServer.NewCertificate("CN=root", key, issuer: null);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", SignWith(key, signer)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", SignWith(key, signer, Tokens.Root)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", SignWith(Tokens.Rsa, Tokens.Root)));
        await AssertInvalidAsync(SignWith(key, stranger));
        await AssertInvalidAsync(SignWith(key, stranger, Tokens.Root));
        await AssertInvalidAsync(SignWith(key, Tokens.Root));
        await AssertInvalidAsync(Sign(key, new JsonObject { ["alg"] = "RS256", ["x5c"] = new JsonArray() }));
        await AssertInvalidAsync(Sign(key, new JsonObject { ["alg"] = "RS256", ["x5c"] = new JsonArray("!") }));
        await AssertInvalidAsync(Sign(key, new JsonObject { ["alg"] = "RS256", ["x5c"] = new JsonArray((JsonNode?)null) }));
        await AssertInvalidAsync(Sign(key, new JsonObject { ["alg"] = "RS256", ["x5c"] = "text" }));

        string SignWith(RSA with, params X509Certificate2[] chain) =>
            Sign(with, new JsonObject { ["alg"] = "RS256", ["x5c"] = new JsonArray([.. chain.Select(certificate => JsonValue.Create(Convert.ToBase64String(certificate.RawData)))]) });
    }

    [Fact]
    public async Task SEC_04_no_key_that_a_token_brings_along_is_believed_and_none_is_fetched()
    {
        using var key = RSA.Create(2048);
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/keys";

        foreach (var (name, value) in new (string, Func<JsonNode>)[]
        {
            ("jwk", () => TokenServer.RsaKey("rsa", key)), ("jku", () => url), ("x5u", () => url), ("x5t", () => "rsa"),
        })
        {
            foreach (var keyId in new[] { "rsa", "ec", "other", null })
            {
                var header = new JsonObject { ["alg"] = "RS256", [name] = value() };
                if (keyId is not null)
                {
                    header["kid"] = keyId;
                }

                await AssertInvalidAsync(Sign(key, header));
            }
        }

        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("none", "ec")]
    [InlineData("None", "ec")]
    [InlineData("", "ec")]
    [InlineData("HS256", "rsa")]
    [InlineData("HS256", "ec")]
    [InlineData("HS256", "secret")]
    [InlineData("ES256", "secret")]
    [InlineData("RS256", "ec")]
    [InlineData("ES384", "ec")]
    [InlineData("EdDSA", "ec")]
    public async Task SEC_42_no_token_chooses_how_it_is_checked(string algorithm, string keyId)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["kid"] = keyId };
        byte[][] secrets = [Tokens.Secret, Tokens.Rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(Tokens.Rsa.ExportSubjectPublicKeyInfoPem()), Tokens.Rsa.ExportParameters(false).Modulus!];
        foreach (var secret in secrets)
        {
            await AssertInvalidAsync(TokenServer.Sign(header, TokenServer.Claims("ci"), bytes => HMACSHA256.HashData(secret, bytes)));
        }

        await AssertInvalidAsync(TokenServer.Sign(header, TokenServer.Claims("ci"), _ => []));
    }

    [Fact]
    public async Task SEC_42_what_must_be_understood_and_is_not_is_refused()
    {
        await AssertInvalidAsync(Tokens.Sign(TokenServer.Claims("ci"), header => header["crit"] = new JsonArray("exp")));
        await AssertInvalidAsync(Tokens.Sign(TokenServer.Claims("ci"), header => header["kid"] = "../../jwks.json"));
        await AssertInvalidAsync(Tokens.Sign(TokenServer.Claims("ci"), header => header.Remove("kid")));
    }

    [Fact]
    public async Task SEC_42_a_token_that_is_no_signed_token_is_refused()
    {
        var right = Tokens.Issue("ci", ("a/b", "pull"));
        var parts = right.Split('.');
        foreach (var token in new[]
        {
            "", ".", "..", "...", "a.b.c", parts[0], $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.", $"{right}.x.y", $"{parts[0]}.{Base64UrlEncoder.Encode("{}")}.{parts[2]}",
            right[..^2], right + "AA", $"{parts[0]}.{parts[1]}.{parts[2]}.", new string('a', 9000), $"{parts[0]}.{parts[1]}.{new string('A', 8192)}",
        })
        {
            await AssertInvalidAsync(token);
        }
    }

    [Fact]
    public async Task SEC_42_a_token_is_at_most_8_KiB()
    {
        var claims = TokenServer.Claims("ci");
        claims["padding"] = new string('x', 5000);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", Tokens.Sign(claims)));
        claims["padding"] = new string('x', 7000);
        await AssertInvalidAsync(Tokens.Sign(claims));
    }

    [Fact]
    public async Task Symmetric_signatures_count_only_when_somebody_asks_for_them()
    {
        var header = new JsonObject { ["alg"] = "HS256", ["kid"] = "secret" };
        var token = TokenServer.Sign(header, TokenServer.Claims("ci"), bytes => HMACSHA256.HashData(Tokens.Secret, bytes));
        await AssertInvalidAsync(token);

        await _fixture.Registry.RestartAsync(options => options with
        {
            Authentication = new AuthenticationOptions { Token = Tokens.Options with { SigningAlgorithms = ["HS256"] } },
        });

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("GET", "/v2/", token));
        await AssertInvalidAsync(Tokens.Issue("ci"));
    }

    [Fact]
    public async Task Rules_and_scopes_are_both_needed()
    {
        await _fixture.Registry.RestartAsync(options => options with
        {
            Registry = options.Registry with { Access = Rules.Policy(Rules.Of("a/*", "ci", RepositoryAction.Pull)) },
        });

        // A new token would not help: that is said by another status.
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("POST", "/v2/a/b/blobs/uploads/", Tokens.Issue("ci", ("a/b", "pull,push"))));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", "/v2/c/tags/list", Tokens.Issue("ci", ("c", "pull"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("GET", "/v2/a/c/tags/list", Tokens.Issue("ci", ("a/b", "pull"))));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("GET", "/v2/a/b/manifests/latest", Tokens.Issue("other", ("a/b", "pull"))));
    }

    [Theory]
    [InlineData(null, null, "https://127.0.0.1")]
    [InlineData("https://registry.example/base", null, "https://registry.example/")]
    [InlineData(null, "http", "http://127.0.0.1")]
    public async Task With_automatic_redirects_the_token_server_is_where_the_client_found_the_registry(string? host, string? forwarded, string realm)
    {
        await _fixture.Registry.RestartAsync(options => options with
        {
            Authentication = new AuthenticationOptions { Token = Tokens.Options with { IsAutoRedirect = true, AutoRedirectPath = "/token" } },
            Locations = new LocationOptions
            {
                PublicAddress = host is null ? null : new Uri(host),
                TrustedProxies = forwarded is null ? [] : [IPNetwork.Parse("127.0.0.0/8")],
            },
        });

        using var response = await _fixture.Client.GetAsync("/v2/", ("X-Forwarded-Proto", forwarded ?? "gopher"));

        Assert.StartsWith($"Bearer realm=\"{realm}", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Contains("/token\",service=", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passwords_and_tokens_may_both_be_open()
    {
        await using var fixture = await AccessFixture.StartAsync(["alice"], hasTokens: true, rules: null);

        using var nothing = await fixture.Client.GetAsync("/v2/");
        using var password = await fixture.Client.GetAsync("/v2/", AccessFixture.As("alice"));
        using var token = await fixture.Client.GetAsync("/v2/", Bearer(fixture.Tokens.Issue("ci")));

        Assert.Equal(
            ["Bearer realm=\"https://tokens.example/auth\",service=\"registry\"", "Basic realm=\"Berth\""], nothing.Headers.GetValues("WWW-Authenticate"));
        Assert.Equal(HttpStatusCode.OK, password.StatusCode);
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
    }

    private static (string Name, string Value) Bearer(string token) => AccessFixture.Bearer(token);

    private static string Sign(RSA key, JsonObject header) =>
        TokenServer.Sign(header, TokenServer.Claims("ci"), bytes => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private async Task<HttpStatusCode> StatusAsync(string method, string path, string token)
    {
        using var response = await _fixture.Client.SendAsync(new HttpMethod(method), path, null, Bearer(token));
        return response.StatusCode;
    }

    private async Task AssertInvalidAsync(string token)
    {
        using var response = await _fixture.Client.GetAsync("/v2/", Bearer(token));
        await response.AssertRefusedAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        Assert.EndsWith(",error=\"invalid_token\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }
}
