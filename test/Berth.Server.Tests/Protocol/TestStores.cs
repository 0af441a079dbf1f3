using Amazon.S3;
using Azure.Storage;
using Azure.Storage.Blobs;
using Berth.Metadata.Postgres;
using Berth.Server.Hosting;
using Berth.Server.Tests.Protocol;
using Berth.Storage;
using Berth.Storage.Azure;
using Berth.Storage.Gcs;
using Berth.Storage.S3;
using Berth.Testing;
using Berth.Testing.Gcs;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestStores))]

namespace Berth.Server.Tests.Protocol;

/// <summary>
/// Where the registries under test keep what they have: in a folder, or, with BERTH_TEST_METADATA=postgres and BERTH_TEST_STORAGE=s3,
/// =azure or =gcs, where these say. The servers start with the first test that needs them.
/// </summary>
public sealed class TestStores : IAsyncDisposable
{
    /// <summary>Of the bucket, and of the container.</summary>
    private const string Name = "berth";

    private readonly SemaphoreSlim _starting = new(1);
    private readonly Lazy<GcsServer> _gcs = new(() => new GcsServer());
    private PostgresServer? _postgres;
    private S3Server? _s3;
    private AzuriteServer? _azure;
    private int _registries;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The options of a registry with stores of its own.</summary>
    public static async Task<BerthOptions> ConfigureAsync(BerthOptions options)
    {
        var stores = await FindAsync();
        if (Environment.GetEnvironmentVariable("BERTH_TEST_METADATA") == "postgres")
        {
            options = options with { Postgres = await stores.NewDatabaseAsync() };
        }

        var proxied = options.Registry with { IsRedirectEnabled = false };
        return Environment.GetEnvironmentVariable("BERTH_TEST_STORAGE") switch
        {
            "s3" => options with { S3 = await NewBucketAsync(), Registry = proxied },
            "azure" => options with { Azure = await NewContainerAsync(), Registry = proxied },
            "gcs" => options with { Gcs = stores.NewGcs(), Registry = proxied },
            _ => options,
        };
    }

    /// <summary>A place in a bucket that nobody else has.</summary>
    public static async Task<S3Options> NewBucketAsync()
    {
        var stores = await FindAsync();
        await stores.StartS3Async();
        return new S3Options
        {
            AccessKey = S3Server.AccessKey,
            SecretKey = S3Server.SecretKey,
            RegionEndpoint = stores._s3!.Address.ToString(),
            ForcePathStyle = true,
            Bucket = Name,
            RootDirectory = $"/{BlobKey.Create(TimeProvider.System)}",
            ChunkSize = 5 * 1024 * 1024,
        };
    }

    /// <summary>A place in a container that nobody else has.</summary>
    public static async Task<AzureOptions> NewContainerAsync()
    {
        var stores = await FindAsync();
        await stores.StartAzureAsync();
        return new AzureOptions
        {
            AccountName = AzuriteServer.AccountName,
            AccountKey = AzuriteServer.AccountKey,
            CredentialsType = "shared_key",
            ServiceUrl = stores._azure!.Address.ToString(),
            Container = Name,
            RootDirectory = $"/{BlobKey.Create(TimeProvider.System)}",
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        if (_s3 is not null)
        {
            await _s3.DisposeAsync();
        }

        if (_azure is not null)
        {
            await _azure.DisposeAsync();
        }

        if (_gcs.IsValueCreated)
        {
            await _gcs.Value.DisposeAsync();
        }

        _starting.Dispose();
    }

    private static async Task<TestStores> FindAsync() =>
        await TestContext.Current.GetFixture<TestStores>() ?? throw new InvalidOperationException("no test runs");

    private async Task<PostgresOptions> NewDatabaseAsync()
    {
        await _starting.WaitAsync(Cancellation);
        try
        {
            _postgres ??= await PostgresServer.StartAsync(Cancellation);
        }
        finally
        {
            _starting.Release();
        }

        return new PostgresOptions
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Timeout = 30 }.ConnectionString,
            Schema = $"registry_{Interlocked.Increment(ref _registries)}",
            MaxConnections = 8,
        };
    }

    private async Task StartS3Async()
    {
        await _starting.WaitAsync(Cancellation);
        try
        {
            if (_s3 is null)
            {
                _s3 = new S3Server();
                await _s3.InitializeAsync();
                var configuration = new AmazonS3Config { ServiceURL = _s3.Address.ToString(), ForcePathStyle = true };
                using var client = new AmazonS3Client(S3Server.AccessKey, S3Server.SecretKey, configuration);
                await client.PutBucketAsync(Name, Cancellation);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private GcsOptions NewGcs() => new()
    {
        Bucket = GcsObjects.Bucket,
        EmulatorHost = _gcs.Value.Address.Authority,
        RootDirectory = $"/{BlobKey.Create(TimeProvider.System)}",
        ChunkSize = 1024 * 1024,
    };

    private async Task StartAzureAsync()
    {
        await _starting.WaitAsync(Cancellation);
        try
        {
            if (_azure is null)
            {
                _azure = new AzuriteServer();
                await _azure.InitializeAsync();
                var credential = new StorageSharedKeyCredential(AzuriteServer.AccountName, AzuriteServer.AccountKey);
                await new BlobServiceClient(_azure.Address, credential).CreateBlobContainerAsync(Name, cancellationToken: Cancellation);
            }
        }
        finally
        {
            _starting.Release();
        }
    }
}
