using System.Collections.Concurrent;

namespace Berth.Manifests;

/// <summary>The manifests read last, in the memory of this process.</summary>
/// <remarks>
/// Two generations, each at most half of what is allowed. What is found in the old one moves to the new one, and when the new one is full the
/// old one is forgotten: near enough to "least recently used", and reading takes no lock.
/// </remarks>
/// <param name="maxBytes">Of contents; each counts some more for itself.</param>
public sealed class MemoryManifestContents(long maxBytes = MemoryManifestContents.DefaultBytes) : IManifestContents
{
    private const long DefaultBytes = 32 << 20;

    /// <summary>What an entry takes besides its bytes.</summary>
    private const int Overhead = 512;

    private readonly Lock _gate = new();
    private ConcurrentDictionary<Digest, ReadOnlyMemory<byte>> _new = [];
    private ConcurrentDictionary<Digest, ReadOnlyMemory<byte>> _old = [];
    private long _newBytes;

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (_new.TryGetValue(digest, out var content))
        {
            return new(content);
        }

        if (!_old.TryGetValue(digest, out content))
        {
            return new((ReadOnlyMemory<byte>?)null);
        }

        Add(digest, content);
        return new(content);
    }

    public void Add(Digest digest, ReadOnlyMemory<byte> content)
    {
        var size = content.Length + Overhead;
        if (size > maxBytes / 2)
        {
            return;
        }

        lock (_gate)
        {
            if (_newBytes + size > maxBytes / 2)
            {
                (_old, _new, _newBytes) = (_new, [], 0);
            }

            if (_new.TryAdd(digest, content))
            {
                _newBytes += size;
            }
        }
    }
}
