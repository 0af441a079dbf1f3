using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.Testing.Gcs;

/// <summary>A service account with a key of its own, and what the service checks of it.</summary>
public sealed class GcsAccount : IDisposable
{
    public const string Email = "berth@test.iam.gserviceaccount.com";

    private readonly RSA _key = RSA.Create(2048);
    private readonly string _token = RandomNumberGenerator.GetHexString(32);

    /// <summary>How many tokens were given away.</summary>
    public int Tokens { get; private set; }

    public string PrivateKey => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>The file that an operator gets.</summary>
    public string ToJson(Uri server) => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "test",
        ["private_key_id"] = "1",
        ["private_key"] = PrivateKey,
        ["client_email"] = Email,
        ["client_id"] = "1",
        ["token_uri"] = new Uri(server, "token").ToString(),
        ["universe_domain"] = "googleapis.com",
    }.ToJsonString();

    public void Dispose() => _key.Dispose();

    /// <summary>Gives a token for an assertion that the account signed (RFC 7523).</summary>
    internal JsonObject Exchange(IReadOnlyDictionary<string, string> form)
    {
        var parts = form.GetValueOrDefault("assertion", "").Split('.');
        var isSigned = parts.Length == 3
            && _key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (!isSigned || form.GetValueOrDefault("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer")
        {
            throw new GcsRefusedException(400, "invalid_grant", "Invalid JWT Signature.");
        }

        Tokens++;
        return new JsonObject { ["access_token"] = _token, ["expires_in"] = 3600, ["token_type"] = "Bearer" };
    }

    internal void DemandToken(GcsRequest request)
    {
        if (request.Authorization != $"Bearer {_token}")
        {
            throw new GcsRefusedException(401, "authError", "Invalid Credentials");
        }
    }

    /// <summary>Reads the request as the documentation of signatures of version 4 has it, and not as the client wrote it.</summary>
    internal void DemandSignature(GcsRequest request)
    {
        var query = request.Query;
        var signed = string.Join('&', request.RawQuery.Split('&').Where(pair => !pair.StartsWith("X-Goog-Signature=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var canonical = $"{request.Method}\n{request.RawPath}\n{signed}\nhost:{request.Host}\n\nhost\nUNSIGNED-PAYLOAD";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var moment = query["X-Goog-Date"];
        var scope = $"{moment[..8]}/auto/storage/goog4_request";
        var signature = Convert.FromHexString(query["X-Goog-Signature"]);
        var end = DateTimeOffset.ParseExact(moment, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .AddSeconds(int.Parse(query["X-Goog-Expires"], CultureInfo.InvariantCulture));
        if (query["X-Goog-Algorithm"] != "GOOG4-RSA-SHA256"
            || query["X-Goog-Credential"] != $"{Email}/{scope}"
            || TimeProvider.System.GetUtcNow() > end
            || !_key.VerifyData(Encoding.UTF8.GetBytes($"GOOG4-RSA-SHA256\n{moment}\n{scope}\n{hash}"), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            throw new GcsRefusedException(403, "SignatureDoesNotMatch", "Access denied.");
        }
    }
}
