using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Storage.S3.Tests;

/// <summary>A new bucket of the server for one class of tests; each test has a root of its own in it.</summary>
public sealed class BucketFixture(S3Server server) : IAsyncDisposable
{
    private readonly string _name = $"bucket-{BlobKey.Create(TimeProvider.System)}";
    private readonly SemaphoreSlim _turn = new(1);
    private AmazonS3Client? _client;

    public S3Server Server => server;

    /// <summary>The SDK's client, to look at what the store did.</summary>
    public IAmazonS3 Client => _client ?? throw new InvalidOperationException("ask for the options first");

    public string Bucket => _name;

    /// <summary>What a store of this bucket needs to know: small parts, few retries, and a root that nobody else has.</summary>
    public async Task<S3Options> NewOptionsAsync()
    {
        var options = new S3Options
        {
            AccessKey = S3Server.AccessKey,
            SecretKey = S3Server.SecretKey,
            RegionEndpoint = server.Address.ToString(),
            ForcePathStyle = true,
            Bucket = _name,
            RootDirectory = $"/root-{BlobKey.Create(TimeProvider.System)}",
            ChunkSize = 5 * 1024 * 1024,
            MaxRetries = 2,
        };
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_client is null)
            {
                _client = S3Clients.Create(options);
                await _client.PutBucketAsync(_name, TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }

        return options;
    }

    /// <summary>A store that is open, without its start check, which would spoil what a test counts.</summary>
    public static S3BlobStore Open(S3Options options) => S3BlobStore.Create(options, TimeProvider.System, NullLogger<S3BlobStore>.Instance);

    public async Task<IReadOnlyList<string>> NamesAsync(S3Options options)
    {
        var page = await Client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = _name, Prefix = options.RootPrefix }, TestContext.Current.CancellationToken);
        return [.. (page.S3Objects ?? []).Select(item => item.Key[options.RootPrefix.Length..])];
    }

    public async Task<int> CountMultipartsAsync(S3Options options)
    {
        var page = await Client.ListMultipartUploadsAsync(
            new ListMultipartUploadsRequest { BucketName = _name, Prefix = options.RootPrefix }, TestContext.Current.CancellationToken);
        return page.MultipartUploads?.Count ?? 0;
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }
}
