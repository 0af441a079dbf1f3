using Berth.Bench.Registry;

namespace Berth.Bench.Load;

/// <summary>Pushes one blob per operation: POST, one streamed PATCH, PUT with the digest.</summary>
/// <param name="blob">The blob of an operation.</param>
/// <param name="chunkBytes">Null: the PATCH has a Content-Length. Else it has chunked transfer encoding, with chunks of this size.</param>
internal sealed class PushClient(RegistryClient registry, string repository, Func<int, BlobSource> blob, int? chunkBytes) : ILoadClient
{
    public async ValueTask<long> RunAsync(int operation, CancellationToken cancellationToken)
    {
        var source = blob(operation);
        await registry.PushBlobAsync(repository, source, chunkBytes, cancellationToken);
        return source.Size;
    }

    public void Dispose()
    {
    }
}
