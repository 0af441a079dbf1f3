using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Berth.Storage.Middleware;

namespace Berth.Storage.S3.CloudFront;

/// <summary>Signs addresses with a canned policy: one object, until one moment.</summary>
internal sealed class CloudFrontSigner : IDisposable
{
    /// <summary>A key of 16,384 bits has 13 KB in PEM.</summary>
    private const int MaxPem = 64 * 1024;

    private readonly CloudFrontMiddleware _options;
    private readonly TimeProvider _time;
    private readonly RSA _key = RSA.Create();

    /// <exception cref="StorageException">The key cannot be read.</exception>
    public CloudFrontSigner(CloudFrontMiddleware options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        try
        {
            _key.ImportFromPem(ReadPem(options.PrivateKeyPath));
            _key.SignData([], HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1); // a public key is a key, too
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            _key.Dispose();
            throw new StorageException(
                "The private key of the middleware cloudfront cannot be used: it must be a file with an RSA key in PEM, without a password.", isTransient: false, fault);
        }
    }

    /// <param name="name">The object's name in the bucket.</param>
    public Uri Sign(string name)
    {
        var url = ObjectAddress.Of(_options.BaseUrl, name).AbsoluteUri;
        var expires = (_time.GetUtcNow() + _options.Duration).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var policy = "{\"Statement\":[{\"Resource\":\"" + url + "\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":" + expires + "}}}]}";

        // SHA-1 is what CloudFront asks for.
        var signature = _key.SignData(Encoding.UTF8.GetBytes(policy), HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
        return new($"{url}?Expires={expires}&Signature={Escape(signature)}&Key-Pair-Id={Uri.EscapeDataString(_options.KeyPairId)}");
    }

    public void Dispose() => _key.Dispose();

    private static ReadOnlySpan<char> ReadPem(string path)
    {
        using var file = new StreamReader(path, Encoding.ASCII);
        var pem = new char[MaxPem];
        return pem.AsSpan(0, file.ReadBlock(pem));
    }

    /// <summary>CloudFront's own letters for the three of base64 that an address cannot hold.</summary>
    private static string Escape(byte[] signature) =>
        Convert.ToBase64String(signature).Replace('+', '-').Replace('=', '_').Replace('/', '~');
}
