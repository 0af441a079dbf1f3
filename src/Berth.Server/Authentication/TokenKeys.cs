using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;

namespace Berth.Server.Authentication;

/// <summary>The keys that sign tokens: none that a token brings along counts by itself.</summary>
internal sealed class TokenKeys
{
    /// <summary>Certificates in a token; real chains have three or four.</summary>
    private const int MaxChain = 8;

    private readonly X509Certificate2Collection _roots;
    private readonly Dictionary<string, JsonWebKey> _keys;

    private TokenKeys(X509Certificate2Collection roots, Dictionary<string, JsonWebKey> keys) => (_roots, _keys) = (roots, keys);

    public int Count => _keys.Count;

    /// <param name="report">Told the setting, such as <c>jwks</c>, and what is wrong with it.</param>
    public static TokenKeys Load(TokenOptions options, Action<string, string> report)
    {
        var roots = new X509Certificate2Collection();
        var keys = new Dictionary<string, JsonWebKey>(StringComparer.Ordinal);
        if (options.RootCertBundle is { } bundle)
        {
            Try("rootcertbundle", report, () =>
            {
                roots.ImportFromPemFile(bundle);
                foreach (var certificate in roots)
                {
                    var key = KeyOf(certificate) ?? throw new FormatException("it has a certificate whose key is neither RSA nor EC");
                    keys[key.KeyId] = key;
                }
            });
        }

        if (options.Jwks is { } file)
        {
            Try("jwks", report, () =>
            {
                foreach (var key in TokenKeyFile.Read(file))
                {
                    keys[key.KeyId] = key;
                }
            });
        }

        if (keys.Count == 0)
        {
            report("", "needs a key that signs tokens: name a rootcertbundle or jwks that has one");
        }

        return new TokenKeys(roots, keys);
    }

    /// <summary>The key that a token says it is signed with, if it is one to believe.</summary>
    /// <param name="chain">The certificates that the token brings along, the signer's own first (RFC 7515, 4.1.6); null: none.</param>
    public JsonWebKey? Find(string? keyId, IReadOnlyList<string>? chain, DateTimeOffset now) =>
        chain is not null ? FindVouchedFor(chain, now) : keyId is not null ? _keys.GetValueOrDefault(keyId) : null;

    private JsonWebKey? FindVouchedFor(IReadOnlyList<string> chain, DateTimeOffset now)
    {
        if (chain.Count is 0 or > MaxChain || _roots.Count == 0)
        {
            return null;
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            foreach (var text in chain)
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text)));
            }

            return IsVouchedFor(certificates, now) ? KeyOf(certificates[0]) : null;
        }
        catch (Exception malformed) when (malformed is FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    /// <summary>Whether a chain ends at a certificate of the bundle. Nothing is fetched for it, neither certificates nor lists of revoked ones.</summary>
    private bool IsVouchedFor(X509Certificate2Collection certificates, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.ExtraStore.AddRange(certificates);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        return chain.Build(certificates[0]);
    }

    /// <summary>The public key, named by its thumbprint (RFC 7638); null when it is of another kind.</summary>
    private static JsonWebKey? KeyOf(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var elliptic = certificate.GetECDsaPublicKey();
        var key = rsa is not null ? JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false)))
            : elliptic is not null ? JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(elliptic))
            : null;
        if (key is not null)
        {
            key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        }

        return key;
    }

    private static void Try(string setting, Action<string, string> report, Action load)
    {
        try
        {
            load();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or FormatException)
        {
            report(setting, $"cannot be used: {fault.Message}");
        }
    }
}
