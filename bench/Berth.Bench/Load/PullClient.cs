using Berth.Bench.Registry;

namespace Berth.Bench.Load;

/// <summary>Pulls one blob per operation and checks its digest.</summary>
internal sealed class PullClient(RegistryClient registry, string repository, IReadOnlyList<PushedBlob> blobs) : ILoadClient
{
    private readonly byte[] _buffer = new byte[1 << 20];

    public async ValueTask<long> RunAsync(int operation, CancellationToken cancellationToken)
    {
        var blob = blobs[operation % blobs.Count];
        await registry.PullBlobAsync(repository, blob, _buffer, cancellationToken);
        return blob.Size;
    }

    public void Dispose()
    {
    }
}
