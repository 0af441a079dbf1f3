namespace Berth.Metadata;

/// <summary>What a database has recorded about a manifest, without its bytes.</summary>
/// <param name="Position">Its place in the order they were pushed; of no meaning in another database.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Subject">The digest of its subject, if it has one.</param>
/// <param name="Demanded">The digests that must be live for as long as it lives.</param>
public sealed record ListedManifest(long Position, Digest Digest, string MediaType, long Size, Digest? Subject, IReadOnlySet<Digest> Demanded)
{
    /// <summary>Whether two databases have recorded the same manifest in the same way.</summary>
    public bool IsSameAs(ListedManifest other) =>
        Digest == other.Digest && MediaType == other.MediaType && Size == other.Size && Demanded.SetEquals(other.Demanded);
}
