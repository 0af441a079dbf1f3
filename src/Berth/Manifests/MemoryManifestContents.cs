using Berth.Metadata;

namespace Berth.Manifests;

/// <summary>The manifests read last, in the memory of this process.</summary>
/// <param name="maxBytes">Of contents; each counts some more for itself.</param>
public sealed class MemoryManifestContents(long maxBytes = MemoryManifestContents.DefaultBytes) : IManifestContents
{
    private const long DefaultBytes = 32 << 20;

    private readonly RecentMap<Digest, ReadOnlyMemory<byte>> _contents = new(maxBytes, content => content.Length);

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(Digest digest, CancellationToken cancellationToken) =>
        new(_contents.TryFind(digest, out var content) ? content : (ReadOnlyMemory<byte>?)null);

    public void Add(Digest digest, ReadOnlyMemory<byte> content) => _contents.Add(digest, content);
}
