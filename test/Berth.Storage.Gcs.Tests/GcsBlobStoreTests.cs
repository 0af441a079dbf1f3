using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Storage.Gcs.Tests;

/// <summary>The contract, on the server of the tests.</summary>
public sealed class GcsBlobStoreTests(BucketFixture bucket) : BlobStoreContract, IClassFixture<BucketFixture>, IAsyncLifetime
{
    private GcsBlobStore? _store;

    protected override IBlobStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await GcsBlobStore.OpenAsync(
        bucket.NewOptions(), TimeProvider.System, NullLogger<GcsBlobStore>.Instance, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
