using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Storage.S3.Tests;

/// <summary>The contract, on a real server.</summary>
public sealed class S3BlobStoreTests(BucketFixture bucket) : BlobStoreContract, IClassFixture<BucketFixture>, IAsyncLifetime
{
    private S3BlobStore? _store;

    protected override IBlobStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await S3BlobStore.OpenAsync(
        await bucket.NewOptionsAsync(), TimeProvider.System, NullLogger<S3BlobStore>.Instance, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
