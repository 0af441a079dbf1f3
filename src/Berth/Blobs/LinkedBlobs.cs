using Berth.Access;
using Berth.Metadata;
using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Blobs;

/// <summary>Blobs as repositories see them: a stored blob is there for a repository only through its link.</summary>
public sealed partial class LinkedBlobs(
    IMetadataStore metadata, IBlobStore store, RegistryOptions options, EffectGuard guard, ILogger<LinkedBlobs> logger)
{
    /// <summary>Opens a blob of a repository, or null. The caller disposes it.</summary>
    /// <remarks>
    /// A blob whose object is gone or has another size is not there: nobody gets wrong bytes, clients see that they must push it,
    /// and pushing it heals it.
    /// </remarks>
    public async ValueTask<OpenBlob?> OpenAsync(Caller caller, RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Pull);
        var row = await metadata.Blobs.FindAsync(repository, digest, cancellationToken);
        return row is null ? null : await OpenAsync(row, cancellationToken);
    }

    /// <summary>Where the store itself serves a blob of a repository for a while; null when it does not, or there is no such blob.</summary>
    public async ValueTask<Uri?> FindUrlAsync(Caller caller, RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Pull);
        return options.IsRedirectEnabled && store is IBlobRedirection redirection
            && await metadata.Blobs.FindAsync(repository, digest, cancellationToken) is { } row
            ? await redirection.FindUrlAsync(row.Key, digest, "GET", caller.Address, cancellationToken)
            : null;
    }

    /// <summary>Makes a blob of one repository visible in another, without a copy.</summary>
    /// <param name="source">The repository it must be in; null: wherever it is stored, for callers who may pull everything.</param>
    /// <returns>False when the blob is not there to be mounted, or the caller may not know it: it must be uploaded.</returns>
    public async ValueTask<bool> MountAsync(
        Caller caller, RepositoryName repository, Digest digest, RepositoryName? source, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Push);
        return (source is { } known ? guard.MayPull(caller, known) : guard.MayPullEverything(caller))
            && await FindDamagedAsync(digest, cancellationToken) is null
            && await metadata.Blobs.LinkAsync(repository, digest, source, cancellationToken);
    }

    /// <summary>Takes a blob out of a repository.</summary>
    /// <exception cref="OciException">BLOB_UNKNOWN, or DENIED while a manifest of the repository needs it.</exception>
    public async ValueTask DeleteAsync(Caller caller, RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Delete);
        switch (await metadata.Blobs.UnlinkAsync(repository, digest, cancellationToken))
        {
            case DeleteOutcome.NotFound:
                throw new OciException(OciError.BlobUnknown(digest));
            case DeleteOutcome.InUse:
                throw new OciException(OciError.BlobInUse(digest));
            default:
                Log.BlobDeleted(logger, repository, digest);
                break;
        }
    }

    /// <summary>The key of the object that should hold a digest but does not; null when all is well or nothing is stored.</summary>
    internal async ValueTask<BlobKey?> FindDamagedAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (await metadata.Blobs.FindAnywhereAsync(digest, cancellationToken) is not { } row)
        {
            return null;
        }

        using var blob = await OpenAsync(row, cancellationToken);
        return blob is null ? row.Key : null;
    }

    private async ValueTask<OpenBlob?> OpenAsync(BlobRow row, CancellationToken cancellationToken)
    {
        var content = await store.OpenAsync(row.Key, row.Digest, cancellationToken);
        if (content?.Length == row.Size)
        {
            return new OpenBlob(row, content);
        }

        Log.BlobDamaged(logger, row.Digest, row.Size, content?.Length ?? 0);
        content?.Dispose();
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.BlobDamaged, LogLevel.Error, "Blob {Digest} should have {Expected} bytes but has {Actual}; pushing it again heals it")]
        public static partial void BlobDamaged(ILogger logger, Digest digest, long expected, long actual);

        [LoggerMessage(EventIds.BlobDeleted, LogLevel.Information, "Deleted blob {Digest} from {Repository}")]
        public static partial void BlobDeleted(ILogger logger, RepositoryName repository, Digest digest);
    }
}
