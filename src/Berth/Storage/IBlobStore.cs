namespace Berth.Storage;

/// <summary>Immutable objects, each under its own key. Which key holds which digest is the metadata's business.</summary>
/// <remarks>
/// <para>An object is staged (appended to), then committed under the digest its bytes were found to have, then perhaps deleted.</para>
/// <para>
/// Absence is a null or a false. A fault of the infrastructure is a <see cref="StorageException"/>; after one from
/// <see cref="StageAsync"/>, the staged object or <see cref="CommitAsync"/> the upload must be abandoned: its bytes may be anything.
/// </para>
/// <para>Safe for use from many threads. Every implementation passes <c>BlobStoreContract</c>.</para>
/// </remarks>
public interface IBlobStore
{
    /// <summary>
    /// Whether the name of a committed object tells its digest. Else an object may be of any digest, a listing shows none, and what is
    /// under a key is deleted with or without one.
    /// </summary>
    bool KnowsDigests { get; }

    /// <summary>Opens a committed object, or null when there is none. The caller disposes it.</summary>
    ValueTask<IBlobContent?> OpenAsync(BlobKey key, Digest digest, CancellationToken cancellationToken);

    /// <summary>Opens the staging object of a key to append at <paramref name="offset"/>. The caller disposes it.</summary>
    /// <param name="key">The key, already recorded in the metadata.</param>
    /// <param name="offset">Zero creates the object, or empties it. Else the length it continues from; what lies beyond is cut off.</param>
    /// <param name="parts">What <see cref="IStagedBlob.SyncAsync"/> said when that offset was reached.</param>
    /// <returns>Null when the object has fewer bytes than <paramref name="offset"/> or is gone.</returns>
    ValueTask<IStagedBlob?> StageAsync(BlobKey key, long offset, string? parts, CancellationToken cancellationToken);

    /// <summary>Makes a staged object readable under its digest. When this returns, the object survives a power cut.</summary>
    /// <remarks>
    /// The staged object must have been completed and disposed. Committing again succeeds, whether or not the same bytes were staged
    /// again, so that a commit may be retried after a crash. What has been committed is never replaced.
    /// </remarks>
    /// <param name="parts">What <see cref="IStagedBlob.CompleteAsync"/> said, recorded in the metadata already unless it is null.</param>
    ValueTask CommitAsync(BlobKey key, Digest digest, string? parts, CancellationToken cancellationToken);

    /// <summary>Deletes whatever is stored under a key, staged or committed.</summary>
    /// <param name="digest">
    /// The digest it was committed under. Null when it never was or nobody knows: then only what is staged is found, and a
    /// committed object is left to whoever lists the store.
    /// </param>
    /// <returns>False when there was nothing.</returns>
    ValueTask<bool> DeleteAsync(BlobKey key, Digest? digest, CancellationToken cancellationToken);

    /// <summary>Lists all objects, staged and committed, in no order. Objects that come or go meanwhile may be missed.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken);
}
