using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Berth.Server.Authentication;
using Berth.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Berth.Server.Tests.Authentication;

/// <summary>Issues tokens, right and wrong ones, each byte as the test wants it.</summary>
public sealed class TokenServer : IDisposable
{
    public const string Issuer = "token server";
    public const string Service = "registry";

    public TokenServer(TemporaryFolder folder)
    {
        Elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Rsa = RSA.Create(2048);
        Root = NewCertificate("CN=root", Rsa, issuer: null);
        var jwks = new JsonObject
        {
            ["keys"] = new JsonArray(EllipticKey("ec", Elliptic), RsaKey("rsa", Rsa), new JsonObject { ["kty"] = "oct", ["kid"] = "secret", ["k"] = Base64UrlEncoder.Encode(Secret) }),
        };
        File.WriteAllText(folder["jwks.json"], jwks.ToJsonString());
        File.WriteAllText(folder["root.pem"], Root.ExportCertificatePem());
        Options = new TokenOptions
        {
            Realm = "https://tokens.example/auth",
            Service = Service,
            Issuer = Issuer,
            Jwks = folder["jwks.json"],
            RootCertBundle = folder["root.pem"],
        };
    }

    public TokenOptions Options { get; }

    public ECDsa Elliptic { get; }

    public RSA Rsa { get; }

    /// <summary>A certificate for <see cref="Rsa"/>, in the bundle.</summary>
    public X509Certificate2 Root { get; }

    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(64);

    public static JsonObject Claims(string? subject, params (string Repository, string Actions)[] grants) => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Service,
        ["sub"] = subject,
        ["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        ["access"] = new JsonArray([.. grants.Select(grant => Grant("repository", grant.Repository, grant.Actions))]),
    };

    public static JsonObject Grant(string type, string name, string actions) => new()
    {
        ["type"] = type, ["name"] = name, ["actions"] = new JsonArray([.. actions.Split(',').Select(action => JsonValue.Create(action))]),
    };

    /// <summary>A right token.</summary>
    public string Issue(string? subject, params (string Repository, string Actions)[] grants) => Sign(Claims(subject, grants));

    /// <summary>A token signed with ES256 and the right key, whatever its claims are.</summary>
    public string Sign(JsonObject claims, Action<JsonObject>? changeHeader = null)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = "ec", ["typ"] = "JWT" };
        changeHeader?.Invoke(header);
        return Sign(header, claims, bytes => Elliptic.SignData(bytes, HashAlgorithmName.SHA256));
    }

    public string SignWithRsa(JsonObject header, JsonObject claims, RSASignaturePadding? padding = null) =>
        Sign(header, claims, bytes => Rsa.SignData(bytes, HashAlgorithmName.SHA256, padding ?? RSASignaturePadding.Pkcs1));

    public static string Sign(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{Base64UrlEncoder.Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static X509Certificate2 NewCertificate(string name, RSA key, (X509Certificate2 Certificate, RSA Key)? issuer)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: issuer is null, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        var (from, to) = (now.AddHours(-1), now.AddHours(1));
        if (issuer is not { } known)
        {
            return request.CreateSelfSigned(from, to);
        }

        var generator = X509SignatureGenerator.CreateForRSA(known.Key, RSASignaturePadding.Pkcs1);
        return request.Create(known.Certificate.SubjectName, generator, from.AddMinutes(1), to.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
    }

    public static JsonObject EllipticKey(string id, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new() { ["kty"] = "EC", ["kid"] = id, ["crv"] = "P-256", ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y) };
    }

    public static JsonObject RsaKey(string id, RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new() { ["kty"] = "RSA", ["kid"] = id, ["n"] = Base64UrlEncoder.Encode(parameters.Modulus), ["e"] = Base64UrlEncoder.Encode(parameters.Exponent) };
    }

    public void Dispose()
    {
        Root.Dispose();
        Rsa.Dispose();
        Elliptic.Dispose();
    }
}
