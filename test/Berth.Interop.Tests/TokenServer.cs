using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Berth.Testing;

namespace Berth.Interop.Tests;

/// <summary>A token server on loopback: who shows the right password gets a token for whatever they ask for, and who shows none one without a name.</summary>
public sealed class TokenServer : IAsyncDisposable
{
    public const string Service = "berth";

    private readonly HttpListener _listener = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly IReadOnlyDictionary<string, string> _passwords;
    private readonly Task _serving;

    public TokenServer(IReadOnlyDictionary<string, string> passwords)
    {
        _passwords = passwords;
        var address = $"http://127.0.0.1:{LoopbackPort.FindFree()}/";
        Realm = $"{address}token";
        _listener.Prefixes.Add(address);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where clients get tokens.</summary>
    public string Realm { get; }

    /// <summary>The key that its tokens are signed with, as a JWK set.</summary>
    public string Keys
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            var key = new JsonObject { ["kty"] = "EC", ["kid"] = "1", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
            return new JsonObject { ["keys"] = new JsonArray(key) }.ToJsonString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _key.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        using var response = context.Response;
        if (!TryIdentify(context.Request.Headers["Authorization"], out var user))
        {
            response.StatusCode = (int)HttpStatusCode.Unauthorized;
            return;
        }

        response.ContentType = "application/json";
        response.OutputStream.Write(Encoding.UTF8.GetBytes(new JsonObject { ["token"] = Issue(user, context.Request.QueryString.GetValues("scope") ?? []) }.ToJsonString()));
    }

    private bool TryIdentify(string? header, out string user)
    {
        user = "";
        if (header is null)
        {
            return true;
        }

        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])).Split(':', 2);
        user = parts[0];
        return _passwords.TryGetValue(user, out var password) && password == parts[1];
    }

    private string Issue(string user, string[] scopes)
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = new JsonObject
        {
            ["iss"] = Service,
            ["aud"] = Service,
            ["sub"] = user,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(1).ToUnixTimeSeconds(),
            ["access"] = new JsonArray([.. scopes.SelectMany(scope => scope.Split(' ')).Select(Grant)]),
        };
        var signed = $"{Encode("""{"alg":"ES256","typ":"JWT","kid":"1"}""")}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static JsonNode Grant(string scope)
    {
        var parts = scope.Split(':');
        return new JsonObject { ["type"] = parts[0], ["name"] = parts[1], ["actions"] = new JsonArray([.. parts[2].Split(',').Select(action => JsonValue.Create(action))]) };
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
