namespace Berth.Storage.FileSystem;

/// <summary>Objects as files of a <see cref="DataFolder"/>.</summary>
/// <remarks>
/// <code>
/// staging/&lt;key&gt;                            being written, mode 0600
/// blobs/sha256/ab/cd/&lt;hex&gt;.&lt;key&gt;    committed, mode 0400; abcd are the first four characters of hex
/// blobs/sha512/...
/// </code>
/// A commit is: sync of the file (by <see cref="IStagedBlob.SyncAsync"/>), rename that never replaces, sync of the target
/// directory and of the directories that are new. Only then does it return. A deletion is not synced: keys are not used
/// again, so an object that comes back after a power cut is garbage that a listing finds, never wrong content.
/// Calls block their thread for as long as the disk takes.
/// </remarks>
public sealed class FileSystemBlobStore : IBlobStore, IBlobStoreInspection, INamedObjects
{
    private readonly IFileCalls _calls;
    private readonly FanOut _fanOut;
    private readonly string _root;

    /// <param name="folder">The folder, which must stay open for as long as the store is used.</param>
    public FileSystemBlobStore(DataFolder folder)
        : this(folder.Calls, folder.FullPath)
    {
    }

    internal FileSystemBlobStore(IFileCalls calls, string root) => (_calls, _fanOut, _root) = (calls, new FanOut(calls), root);

    /// <inheritdoc/>
    public bool KnowsDigests => true;

    /// <inheritdoc/>
    public ValueTask<IBlobContent?> OpenAsync(BlobKey key, Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = _calls.Open(BlobPaths.Committed(key, digest), OpenMode.Read);
        return new(file is null ? null : new FileBlobContent(file));
    }

    /// <inheritdoc/>
    public ValueTask<IStagedBlob?> StageAsync(BlobKey key, long offset, string? parts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        var path = BlobPaths.Staged(key);
        var file = _calls.Open(path, offset == 0 ? OpenMode.Create : OpenMode.Continue);
        if (file is null || file.Length < offset)
        {
            file?.Dispose();
            return new((IStagedBlob?)null);
        }

        return new(FileStagedBlob.Start(_calls, path, file, offset));
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(BlobKey key, Digest digest, string? parts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = BlobPaths.Committed(key, digest);
        var unfinished = BlobPaths.Staged(key);
        try
        {
            using var file = _calls.Open(unfinished, OpenMode.Read);
            _fanOut.Make(digest);
            if (file is not null && _calls.Rename(unfinished, target))
            {
                // Not before the rename: after a crash between the two, the owner must be able to go on writing.
                unfinished = target;
                file.MakeReadOnly();
            }
            else
            {
                AcceptEarlierCommit(target, file?.Length);
                _calls.Delete(unfinished);
            }

            _fanOut.Sync(digest);
            return ValueTask.CompletedTask;
        }
        catch (StorageException)
        {
            _calls.Discard(unfinished); // under the name it has now; what an earlier commit made is left alone
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(BlobKey key, Digest? digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = _calls.Delete(BlobPaths.Staged(key));
        if (digest is { } known)
        {
            found |= _calls.Delete(BlobPaths.Committed(key, known));
        }

        return new(found);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken) => List(cancellationToken).ToAsyncEnumerable();

    /// <inheritdoc/>
    public IAsyncEnumerable<string> FindForeignAsync(CancellationToken cancellationToken) => ForeignEntries.Find(_root).ToAsyncEnumerable();

    /// <inheritdoc/>
    public string? FindName(BlobKey key, Digest digest) => BlobPaths.Committed(key, digest);

    // Staged first: an object that is committed meanwhile is then seen twice rather than never.
    private IEnumerable<StoredObject> List(CancellationToken cancellationToken) =>
        ListStaged(cancellationToken)
            .Concat(ListCommitted(DigestAlgorithm.Sha256, cancellationToken))
            .Concat(ListCommitted(DigestAlgorithm.Sha512, cancellationToken));

    private IEnumerable<StoredObject> ListStaged(CancellationToken cancellationToken)
    {
        foreach (var entry in _calls.List(BlobPaths.Staging))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Size is { } size && BlobKey.TryParse(entry.Name, out var key))
            {
                yield return new StoredObject(key, null, size);
            }
        }
    }

    private IEnumerable<StoredObject> ListCommitted(DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var directories =
            from outer in Directories(BlobPaths.Top(algorithm))
            from inner in Directories(outer)
            select inner;
        foreach (var directory in directories)
        {
            foreach (var entry in _calls.List(directory))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.Size is { } size && BlobPaths.TryParseCommitted(directory, entry.Name, algorithm, out var key, out var digest))
                {
                    yield return new StoredObject(key, digest, size);
                }
            }
        }
    }

    private IEnumerable<string> Directories(string path) =>
        from entry in _calls.List(path)
        where entry.IsDirectory && entry.Name.Length == 2 // no other name is ours
        select $"{path}/{entry.Name}";

    // A crash between the rename and the database's commit, then a retry: the object is where it should be.
    private void AcceptEarlierCommit(string target, long? staged)
    {
        using var earlier = _calls.Open(target, OpenMode.Read) ?? throw new StorageException("Nothing is staged under this key.", false);
        if (staged is { } length && length != earlier.Length)
        {
            throw new StorageException("An object of another size was committed under this key.", false);
        }

        earlier.MakeReadOnly();
    }
}
