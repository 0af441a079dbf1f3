using Amazon.S3;
using Azure.Storage;
using Azure.Storage.Blobs;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>
/// Where a server under test keeps what it has: a folder, or, with BERTH_TEST_METADATA=postgres and BERTH_TEST_STORAGE=s3 or =azure, what
/// these say, with servers of its own.
/// </summary>
public sealed class StorePlace : IAsyncDisposable
{
    private readonly List<(string Name, string Value)> _settings = [("REGISTRY_HTTP_ADDR", "127.0.0.1:0")];
    private PostgresServer? _postgres;
    private AzuriteServer? _azure;

    private StorePlace()
    {
    }

    /// <summary>What <c>berth</c> is told about it.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings => _settings;

    public static async Task<StorePlace> OpenAsync(string dataFolder, S3Server s3, CancellationToken cancellationToken)
    {
        var place = new StorePlace();
        try
        {
            var isFolder = await place.ChooseStorageAsync(dataFolder, s3, cancellationToken);
            await place.ChooseMetadataAsync(dataFolder, isFolder, cancellationToken);
            return place;
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        if (_azure is not null)
        {
            await _azure.DisposeAsync();
        }
    }

    private async Task ChooseMetadataAsync(string dataFolder, bool isFolder, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("BERTH_TEST_METADATA") == "postgres")
        {
            _postgres = await PostgresServer.StartAsync(cancellationToken);
            _settings.Add(("REGISTRY_METADATA_POSTGRES_CONNECTIONSTRING", _postgres.ConnectionString));
        }
        else if (!isFolder)
        {
            _settings.Add(("REGISTRY_METADATA_SQLITE_PATH", Path.Combine(dataFolder, "meta.db")));
        }
    }

    /// <returns>Whether it is a folder.</returns>
    private async Task<bool> ChooseStorageAsync(string dataFolder, S3Server s3, CancellationToken cancellationToken)
    {
        switch (Environment.GetEnvironmentVariable("BERTH_TEST_STORAGE"))
        {
            case "s3":
                var bucket = $"victim-{Guid.CreateVersion7():N}";
                var configuration = new AmazonS3Config { ServiceURL = s3.Address.ToString(), ForcePathStyle = true };
                using (var client = new AmazonS3Client(S3Server.AccessKey, S3Server.SecretKey, configuration))
                {
                    await client.PutBucketAsync(bucket, cancellationToken);
                }

                Add(
                    "S3",
                    ("ACCESSKEY", S3Server.AccessKey), ("SECRETKEY", S3Server.SecretKey), ("REGIONENDPOINT", s3.Address.ToString()),
                    ("FORCEPATHSTYLE", "true"), ("BUCKET", bucket), ("CHUNKSIZE", "5242880"));
                return false;
            case "azure":
                _azure = new AzuriteServer();
                await _azure.InitializeAsync();
                var key = new StorageSharedKeyCredential(AzuriteServer.AccountName, AzuriteServer.AccountKey);
                await new BlobServiceClient(_azure.Address, key).CreateBlobContainerAsync("victim", cancellationToken: cancellationToken);
                Add(
                    "AZURE",
                    ("ACCOUNTNAME", AzuriteServer.AccountName), ("ACCOUNTKEY", AzuriteServer.AccountKey), ("CREDENTIALS_TYPE", "shared_key"),
                    ("SERVICEURL", _azure.Address.ToString()), ("CONTAINER", "victim"));
                return false;
            default:
                Add("FILESYSTEM", ("ROOTDIRECTORY", dataFolder));
                return true;
        }
    }

    private void Add(string driver, params (string Name, string Value)[] settings) =>
        _settings.AddRange(
        [
            .. settings.Select(setting => ($"REGISTRY_STORAGE_{driver}_{setting.Name}", setting.Value)),
            ("REGISTRY_STORAGE_REDIRECT_DISABLE", "true"),
        ]);
}
