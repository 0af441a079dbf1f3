using Berth.Server.Hosting;
using Berth.Testing;

namespace Berth.Server.Tests.Configuration;

public sealed class AuthSectionTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();
    private readonly TemporaryFolder _folder = new();

    public AuthSectionTests()
    {
        File.WriteAllText(_folder["jwks.json"], """{"keys":[{"kty":"oct","kid":"k","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}""");
        File.WriteAllText(_folder["empty.json"], """{"keys":[]}""");
        File.WriteAllText(_folder["private.json"], """{"keys":[{"kty":"OKP","kid":"k","crv":"Ed25519","x":"AA"}]}""");
        File.WriteAllText(_folder["twice.json"], """{"keys":[{"kty":"oct","kid":"k","k":"AA"},{"kty":"oct","kid":"k","k":"BB"}]}""");
        File.WriteAllText(_folder["text"], "no keys");
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Passwords_in_a_file_have_the_keys_of_distribution()
    {
        var loaded = _fixture.LoadFile("auth: {htpasswd: {realm: basic-realm, path: /etc/berth/htpasswd}}");

        var options = BerthOptions.From(loaded.Configuration);
        Assert.Empty(loaded.Warnings);
        Assert.Equal(("basic-realm", "/etc/berth/htpasswd"), (options.Authentication.Htpasswd!.Realm, options.Authentication.Htpasswd.Path));
        Assert.False(options.Registry.Access.AdmitsAnonymous);
    }

    [Fact]
    public void Tokens_have_the_keys_of_distribution()
    {
        var loaded = _fixture.LoadFile(
            $"""
            auth:
              token:
                realm: https://auth.example/token
                service: registry.example
                issuer: auth.example
                jwks: {_folder["jwks.json"]}
                signingalgorithms: [ES256, HS256]
                autoredirect: true
                autoredirectpath: /token
            """);

        var options = BerthOptions.From(loaded.Configuration).Authentication.Token!;
        Assert.Empty(loaded.Warnings);
        Assert.Equal(
            ("https://auth.example/token", "registry.example", "auth.example", _folder["jwks.json"], "ES256 HS256", true, "/token"),
            (options.Realm, options.Service, options.Issuer, options.Jwks, string.Join(' ', options.SigningAlgorithms), options.IsAutoRedirect, options.AutoRedirectPath));
    }

    [Fact]
    public void Variables_set_it_too()
    {
        var loaded = ConfigurationFixture.LoadVariables(
            ("REGISTRY_AUTH", "htpasswd"), ("REGISTRY_AUTH_HTPASSWD_REALM", "r"), ("REGISTRY_AUTH_HTPASSWD_PATH", "/htpasswd"));

        Assert.Empty(loaded.Warnings);
        Assert.Equal("/htpasswd", loaded.Configuration.Authentication.Htpasswd!.Path);
    }

    [Fact]
    public void Passwords_and_tokens_can_both_be_open()
    {
        var authentication = _fixture.LoadFile(
            $"auth: {{htpasswd: {{realm: r, path: p}}, token: {{realm: r, service: s, issuer: i, jwks: {_folder["jwks.json"]}}}}}").Configuration.Authentication;

        Assert.NotNull(authentication.Htpasswd);
        Assert.NotNull(authentication.Token);
    }

    [Fact]
    public void Silly_warns()
    {
        var loaded = _fixture.LoadFile("auth: {silly: {realm: r, service: s}}");

        Assert.Contains("lets everybody in", Assert.Single(loaded.Warnings).ToString(), StringComparison.Ordinal);
        Assert.Equal("s", loaded.Configuration.Authentication.Silly!.Service);
    }

    [Theory]
    [InlineData("auth: htpasswd", "auth.htpasswd.realm|auth.htpasswd.path")]
    [InlineData("auth: {htpasswd: }", "auth.htpasswd.realm|auth.htpasswd.path")]
    [InlineData("auth: {htpasswd: {realm: r}}", "auth.htpasswd.path")]
    [InlineData("auth: {htpasswd: {realm: [r], path: p}}", "auth.htpasswd.realm|auth.htpasswd.realm")]
    [InlineData("auth: {htpasswd: {realm: \"a\\nb\", path: p}}", "auth.htpasswd.realm")]
    [InlineData("auth: silly", "auth.silly.realm|auth.silly.service")]
    [InlineData("auth: {none: , htpasswd: {realm: r, path: p}}", "auth.none")]
    [InlineData("auth: {silly: {realm: r, service: s}, htpasswd: {realm: r, path: p}}", "auth.silly")]
    [InlineData("auth: {token: {}}", "auth.token.realm|auth.token.service|auth.token.issuer|auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i}}", "auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/missing}}", "auth.token.jwks|auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/text}}", "auth.token.jwks|auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/empty.json}}", "auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/private.json}}", "auth.token.jwks|auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/twice.json}}", "auth.token.jwks|auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, rootcertbundle: FOLDER/text}}", "auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, rootcertbundle: FOLDER}}", "auth.token.rootcertbundle|auth.token")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/jwks.json, signingalgorithms: [none]}}", "auth.token.signingalgorithms[0]|auth.token.signingalgorithms")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/jwks.json, signingalgorithms: [EdDSA, ES256]}}", "auth.token.signingalgorithms[0]")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/jwks.json, signingalgorithms: []}}", "auth.token.signingalgorithms")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/jwks.json, autoredirect: maybe}}", "auth.token.autoredirect")]
    [InlineData("auth: {token: {realm: r, service: s, issuer: i, jwks: FOLDER/jwks.json, autoredirectpath: token}}", "auth.token.autoredirectpath")]
    [InlineData("auth: {ldap: {}}", "auth.ldap")]
    public void Every_mistake_is_named_by_its_key(string yaml, string keys)
    {
        var mistakes = _fixture.MistakesIn(yaml.Replace("FOLDER", _folder.FullPath, StringComparison.Ordinal));

        Assert.Equal(keys.Split('|'), mistakes.Select(mistake => mistake.Key));
    }
}
