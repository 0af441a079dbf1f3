using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Storage.Azure.Tests;

/// <summary>The contract, on the emulator.</summary>
public sealed class AzureBlobStoreTests(ContainerFixture container) : BlobStoreContract, IClassFixture<ContainerFixture>, IAsyncLifetime
{
    private AzureBlobStore? _store;

    protected override IBlobStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await AzureBlobStore.OpenAsync(
        await container.NewOptionsAsync(), TimeProvider.System, NullLogger<AzureBlobStore>.Instance, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
