using System.Net;

namespace Berth.Storage.Middleware;

/// <summary>A store that does everything as the one inside it. What derives from it overrides what it does differently.</summary>
public abstract class BlobStoreDecorator(IBlobStore inner) : IBlobStore, IBlobRedirection, IBlobStoreInspection, INamedObjects, IDisposable
{
    /// <inheritdoc/>
    public virtual bool KnowsDigests => inner.KnowsDigests;

    /// <inheritdoc/>
    public virtual ValueTask<IBlobContent?> OpenAsync(BlobKey key, Digest digest, CancellationToken cancellationToken) =>
        inner.OpenAsync(key, digest, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IStagedBlob?> StageAsync(BlobKey key, long offset, string? parts, CancellationToken cancellationToken) =>
        inner.StageAsync(key, offset, parts, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask CommitAsync(BlobKey key, Digest digest, string? parts, CancellationToken cancellationToken) =>
        inner.CommitAsync(key, digest, parts, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> DeleteAsync(BlobKey key, Digest? digest, CancellationToken cancellationToken) =>
        inner.DeleteAsync(key, digest, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Uri?> FindUrlAsync(BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken) =>
        inner is IBlobRedirection redirection ? redirection.FindUrlAsync(key, digest, method, client, cancellationToken) : new((Uri?)null);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<string> FindForeignAsync(CancellationToken cancellationToken) =>
        inner is IBlobStoreInspection inspection ? inspection.FindForeignAsync(cancellationToken) : AsyncEnumerable.Empty<string>();

    /// <inheritdoc/>
    public virtual string? FindName(BlobKey key, Digest digest) => (inner as INamedObjects)?.FindName(key, digest);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            (inner as IDisposable)?.Dispose();
        }
    }
}
