using Berth.Blobs;

namespace Berth.Metadata;

/// <summary>Which blobs are stored, and which repository sees which of them (through its links).</summary>
public interface IBlobTable
{
    /// <summary>The blob, if the repository has a link to it.</summary>
    Task<BlobRow?> FindAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);

    /// <summary>The blob, whoever has links to it. Never for an answer to a client, who may not know that it exists.</summary>
    Task<BlobRow?> FindAnywhereAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Links a stored blob into a repository (a mount), which comes into being if need be.</summary>
    /// <param name="source">The repository that must have a link to it already; null: any.</param>
    /// <returns>False when <paramref name="source"/> has no such blob. Linking what is linked already succeeds.</returns>
    Task<bool> LinkAsync(RepositoryName repository, Digest digest, RepositoryName? source, CancellationToken cancellationToken);

    /// <summary>Removes a repository's link. The blob itself stays for collection.</summary>
    /// <returns><see cref="DeleteOutcome.InUse"/>, and no change, while a manifest of the repository demands the blob.</returns>
    Task<DeleteOutcome> UnlinkAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);
}
