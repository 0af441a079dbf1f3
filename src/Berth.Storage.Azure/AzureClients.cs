using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace Berth.Storage.Azure;

/// <summary>Makes the SDK's client as the options want it.</summary>
internal static class AzureClients
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(10);

    /// <param name="transport">Carries the requests; the caller disposes it.</param>
    public static BlobServiceClient Create(AzureOptions options, HttpClientTransport transport)
    {
        var settings = new BlobClientOptions
        {
            Transport = transport,
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false },
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = options.MaxRetries,
                Delay = options.RetryDelay,
                MaxDelay = MostDelay,
                NetworkTimeout = options.Timeout,
            },
        };
        settings.TransferValidation.Upload.ChecksumAlgorithm = StorageChecksumAlgorithm.MD5;
        return options.CredentialsType == AzureOptions.SharedKey
            ? new BlobServiceClient(options.Address, new StorageSharedKeyCredential(options.AccountName, options.AccountKey), settings)
            : new BlobServiceClient(options.Address, Credential(options), settings);
    }

    public static HttpClientTransport CreateTransport(AzureOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        if (options.SkipVerify)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        }

        // The pipeline has timeouts of its own, for each try.
        return new HttpClientTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan });
    }

    private static TokenCredential Credential(AzureOptions options) => options.CredentialsType == AzureOptions.ClientSecret
        ? new ClientSecretCredential(options.TenantId, options.ClientId, options.Secret)
        : new DefaultAzureCredential();
}
