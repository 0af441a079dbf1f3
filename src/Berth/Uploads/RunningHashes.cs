using System.Collections.Concurrent;

namespace Berth.Uploads;

/// <summary>Keeps the hashes of uploads between their requests. Losing one only costs reading the staged bytes again.</summary>
internal sealed class RunningHashes : IDisposable
{
    /// <summary>Hashes kept at most; each takes under a kilobyte.</summary>
    private const int Capacity = 4096;

    private readonly ConcurrentDictionary<UploadId, RunningHash> _hashes = new();

    /// <summary>Takes the hash out, if it stands at exactly this offset with this algorithm. The caller owns it.</summary>
    public RunningHash? Take(UploadId id, DigestAlgorithm algorithm, long offset)
    {
        if (!_hashes.TryRemove(id, out var hash))
        {
            return null;
        }

        if (hash.Algorithm == algorithm && hash.Length == offset)
        {
            return hash;
        }

        hash.Dispose();
        return null;
    }

    /// <summary>Keeps a hash for the upload's next request; when there are too many, another upload's has to go.</summary>
    public void Keep(UploadId id, RunningHash hash)
    {
        if (_hashes.Count >= Capacity)
        {
            Drop(_hashes.First().Key); // whichever: most are of uploads that nobody will continue
        }

        if (!_hashes.TryAdd(id, hash))
        {
            hash.Dispose();
        }
    }

    public void Drop(UploadId id)
    {
        if (_hashes.TryRemove(id, out var hash))
        {
            hash.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var id in _hashes.Keys)
        {
            Drop(id);
        }
    }
}
