using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Berth.Storage.Gcs;

/// <summary>Signs addresses with the key of a service account (the service's version 4, <c>GOOG4-RSA-SHA256</c>).</summary>
internal sealed class GcsSigner(GcsCredentials credentials, GcsOptions options, TimeProvider time)
{
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromMinutes(20);

    /// <returns>Null when no key is at hand.</returns>
    public async ValueTask<Uri?> SignAsync(string method, string name, CancellationToken cancellationToken)
    {
        if (await credentials.FindSignerAsync(cancellationToken) is not { } account)
        {
            return null;
        }

        var service = options.Address!;
        var (path, query, toSign) = Prepare(service.Authority, options.Bucket, name, method, account.Id, time.GetUtcNow(), UrlLifetime);
        var signature = Convert.FromBase64String(account.CreateSignature(Encoding.UTF8.GetBytes(toSign)));
        return new Uri($"{service.Scheme}://{service.Authority}{path}?{query}&X-Goog-Signature={Convert.ToHexStringLower(signature)}");
    }

    /// <summary>The address as far as it is signed, and what is signed.</summary>
    internal static (string Path, string Query, string ToSign) Prepare(
        string host, string bucket, string name, string method, string account, DateTimeOffset now, TimeSpan lifetime)
    {
        var moment = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{moment[..8]}/auto/storage/goog4_request";
        var path = $"/{bucket}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";
        var query = $"X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential={Uri.EscapeDataString($"{account}/{scope}")}&X-Goog-Date={moment}"
            + string.Create(CultureInfo.InvariantCulture, $"&X-Goog-Expires={(long)lifetime.TotalSeconds}&X-Goog-SignedHeaders=host");
        var request = $"{method}\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)));
        return (path, query, $"GOOG4-RSA-SHA256\n{moment}\n{scope}\n{hash}");
    }
}
