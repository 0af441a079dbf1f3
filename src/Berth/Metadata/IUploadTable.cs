using Berth.Storage;
using Berth.Uploads;

namespace Berth.Metadata;

/// <summary>Upload sessions. A session's key is in exactly one of uploads, blobs and pending deletes, or it is dead (R1).</summary>
/// <remarks>
/// What changes a session takes it as it was read, and does nothing when it has moved on since: its offset or parts are others. So of two
/// nodes that work on one session, the second one fails, however long it slept in between.
/// </remarks>
public interface IUploadTable
{
    /// <summary>Records a session before its object is written (R1).</summary>
    Task CreateAsync(UploadRow upload, CancellationToken cancellationToken);

    /// <summary>The session, if it belongs to the repository.</summary>
    Task<UploadRow?> FindAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken);

    /// <summary>Records what of the staged object is durable: the offset, parts and hash state of <paramref name="next"/>.</summary>
    /// <returns>False when the session is gone or has moved on.</returns>
    Task<bool> AdvanceAsync(UploadRow upload, UploadRow next, CancellationToken cancellationToken);

    /// <summary>
    /// Turns a session whose object was committed into a blob linked to the session's repository, and forgets the session (R2).
    /// If the digest is stored already, the session's own object becomes a pending delete and the link goes to the stored one.
    /// </summary>
    /// <param name="size">Size of the object in bytes.</param>
    /// <param name="damaged">
    /// An object found missing or of the wrong size: if it still holds the digest, the session's object takes its place and it
    /// becomes a pending delete, so that pushing again heals.
    /// </param>
    /// <returns>False, and no change, when the session is gone or has moved on.</returns>
    Task<bool> AttachAsync(UploadRow upload, Digest digest, long size, BlobKey? damaged, CancellationToken cancellationToken);

    /// <summary>What a finished session of the repository became, for a client that repeats its last request; kept for 24 hours.</summary>
    Task<FinishedUpload?> FindFinishedAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken);

    /// <summary>Ends a session; its key becomes a pending delete (R7).</summary>
    /// <param name="committedAs">The digest its object may have been committed under; null when it never came that far.</param>
    /// <returns>False when the session is gone or has moved on.</returns>
    Task<bool> DiscardAsync(UploadRow upload, Digest? committedAs, CancellationToken cancellationToken);

    /// <summary>Sessions that nobody has written to since <paramref name="idleSince"/>, the longest idle first.</summary>
    Task<IReadOnlyList<UploadRow>> ListIdleAsync(DateTimeOffset idleSince, int limit, CancellationToken cancellationToken);
}
