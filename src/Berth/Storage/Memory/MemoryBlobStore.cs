using System.Collections.Concurrent;

namespace Berth.Storage.Memory;

/// <summary>Objects in this process's memory: for tests, and for embedding a registry that need not outlive its process.</summary>
/// <remarks>It holds what fits in memory, an object at most 2 GiB. Nothing survives a restart, whatever was synced.</remarks>
public sealed class MemoryBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<BlobKey, MemoryObject> _staged = new();
    private readonly ConcurrentDictionary<(BlobKey Key, Digest Digest), MemoryObject> _committed = new();

    /// <inheritdoc/>
    public bool KnowsDigests => true;

    /// <inheritdoc/>
    public ValueTask<IBlobContent?> OpenAsync(BlobKey key, Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_committed.TryGetValue((key, digest), out var found) ? new MemoryBlobContent(found) : null);
    }

    /// <inheritdoc/>
    public ValueTask<IStagedBlob?> StageAsync(BlobKey key, long offset, string? parts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        var staged = offset == 0 ? _staged.GetOrAdd(key, _ => new MemoryObject()) : _staged.GetValueOrDefault(key);
        if (staged is null || staged.Length < offset)
        {
            return new((IStagedBlob?)null);
        }

        staged.Truncate((int)offset);
        return new(new MemoryStagedBlob(staged));
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(BlobKey key, Digest digest, string? parts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _committed.TryGetValue((key, digest), out var earlier);
        if (!_staged.TryRemove(key, out var staged))
        {
            return earlier is null ? throw new StorageException("Nothing is staged under this key.", false) : ValueTask.CompletedTask;
        }

        if (earlier is not null && earlier.Length != staged.Length)
        {
            throw new StorageException("An object of another size was committed under this key.", false);
        }

        _committed.TryAdd((key, digest), staged);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(BlobKey key, Digest? digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = _staged.TryRemove(key, out _);
        if (digest is { } known)
        {
            found |= _committed.TryRemove((key, known), out _);
        }

        return new(found);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken) => List(cancellationToken).ToAsyncEnumerable();

    private IEnumerable<StoredObject> List(CancellationToken cancellationToken)
    {
        foreach (var (key, content) in _staged)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StoredObject(key, null, content.Length);
        }

        foreach (var ((key, digest), content) in _committed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StoredObject(key, digest, content.Length);
        }
    }
}
