using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Microsoft.Extensions.Logging;

namespace Berth.Storage.Azure;

/// <summary>Signs addresses, with the account's key, or with one that the service gives to whoever may read (a user delegation key).</summary>
internal sealed partial class AzureSigner(AzureOptions options, BlobServiceClient client, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromMinutes(20);

    /// <summary>Clocks that are a little late must not find an address too young.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _turn = new(1);
    private UserDelegationKey? _key;
    private DateTimeOffset _renewal;

    /// <returns>Null when no key can sign.</returns>
    public async ValueTask<Uri?> SignAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var builder = new BlobSasBuilder(BlobSasPermissions.Read, now + UrlLifetime)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            StartsOn = now - Before,
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        BlobSasQueryParameters? query;
        if (options.CredentialsType == AzureOptions.SharedKey)
        {
            query = builder.ToSasQueryParameters(new StorageSharedKeyCredential(options.AccountName, options.AccountKey));
        }
        else
        {
            query = await FindKeyAsync(cancellationToken) is { } key ? builder.ToSasQueryParameters(key, options.AccountName) : null;
        }

        return query is null ? null : new BlobUriBuilder(blob.Uri) { Sas = query }.ToUri();
    }

    public void Dispose() => _turn.Dispose();

    private async Task<UserDelegationKey?> FindKeyAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (now >= _renewal)
            {
                (_key, _renewal) = await AskAsync(now, cancellationToken) is { } key ? (key, now + KeyLifetime - (2 * UrlLifetime)) : (null, now + Pause);
            }

            return _key;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<UserDelegationKey?> AskAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = new BlobGetUserDelegationKeyOptions(now + KeyLifetime) { StartsOn = now - Before };
        try
        {
            return await AzureFault.TranslateAsync(
                "give a key to sign addresses", async () => (await client.GetUserDelegationKeyAsync(wanted, cancellationToken)).Value, cancellationToken);
        }
        catch (StorageException fault)
        {
            Log.CannotSign(logger, fault);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(AzureEventIds.CannotSign, LogLevel.Warning, "Clients are not sent to the object store for the bytes of blobs: no key can sign addresses")]
        public static partial void CannotSign(ILogger logger, Exception exception);
    }
}
