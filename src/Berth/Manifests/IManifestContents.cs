namespace Berth.Manifests;

/// <summary>Bytes of manifests, kept where they are found faster than in the database.</summary>
/// <remarks>
/// Whether a repository has a manifest the database alone says, each time; bytes of one digest are the same forever. So nothing here can be
/// stale, and all of it may be lost.
/// </remarks>
public interface IManifestContents
{
    /// <returns>Null when it is not kept here.</returns>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Keeps it for a while, or not.</summary>
    /// <param name="content">Bytes that have this digest and do not change any more.</param>
    void Add(Digest digest, ReadOnlyMemory<byte> content);
}
