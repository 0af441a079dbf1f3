using Berth.Manifests;

namespace Berth.Metadata;

public interface IManifestTable
{
    /// <summary>What a tag points at, or what has a digest, without its bytes.</summary>
    Task<ManifestHead?> ResolveAsync(RepositoryName repository, Reference reference, CancellationToken cancellationToken);

    /// <summary>The manifest a tag points at, or the one with a digest.</summary>
    Task<ManifestRow?> FindAsync(RepositoryName repository, Reference reference, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a manifest, its references, and tags that point at it. The repository comes into being if need be.
    /// Every demanded reference must be live in the repository, with the size its descriptor says (R4).
    /// Storing what is stored already succeeds and moves the tags.
    /// </summary>
    /// <exception cref="OciException">DENIED, and no change: a tag points at another manifest, and the push may not overwrite.</exception>
    /// <returns>What was missing; empty on success. Nothing changed if it is not empty.</returns>
    Task<IReadOnlyList<MissingReference>> PutAsync(ManifestPush push, CancellationToken cancellationToken);

    /// <summary>Deletes a manifest and the tags that point at it.</summary>
    /// <returns><see cref="DeleteOutcome.InUse"/>, and no change, while an index of the repository demands it.</returns>
    Task<DeleteOutcome> DeleteAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);
}
