namespace Berth.Storage.FileSystem;

/// <summary>A file in staging. After the first fault it is deleted and refuses everything: its bytes may be anything.</summary>
internal sealed class FileStagedBlob : IStagedBlob
{
    private readonly IFileCalls _calls;
    private readonly string _path;
    private readonly IOpenFile _file;
    private bool _nameIsDurable;
    private bool _isAbandoned;

    private FileStagedBlob(IFileCalls calls, string path, IOpenFile file, long offset)
    {
        (_calls, _path, _file, Length) = (calls, path, file, offset);
        _nameIsDurable = offset > 0; // nobody continues from an offset that was not synced before
    }

    public long Length { get; private set; }

    public bool CanRead => true;

    /// <summary>Takes over an open file and cuts off what lies beyond <paramref name="offset"/>.</summary>
    public static FileStagedBlob Start(IFileCalls calls, string path, IOpenFile file, long offset)
    {
        var staged = new FileStagedBlob(calls, path, file, offset);
        if (file.Length > offset)
        {
            try
            {
                file.Truncate(offset);
            }
            catch (StorageException)
            {
                file.Dispose();
                staged.Abandon();
                throw;
            }
        }

        return staged;
    }

    public ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        try
        {
            for (var rest = content.Span; !rest.IsEmpty;)
            {
                var written = _file.Write(rest, Length);
                Length += written;
                rest = rest[written..];
            }
        }
        catch (StorageException)
        {
            Abandon();
            throw;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<string?> SyncAsync(CancellationToken cancellationToken) => Sync(withName: true, cancellationToken);

    // A commit gives it another name and makes that durable.
    public ValueTask<string?> CompleteAsync(CancellationToken cancellationToken) => Sync(withName: false, cancellationToken);

    private ValueTask<string?> Sync(bool withName, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        try
        {
            _file.Sync();
            if (withName && !_nameIsDurable)
            {
                _calls.SyncDirectory(BlobPaths.Staging);
                _nameIsDurable = true;
            }
        }
        catch (StorageException)
        {
            Abandon(); // the kernel reports a failed write once: a second sync would return as if nothing were lost
            throw;
        }

        return new((string?)null);
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        return new(_file.Read(buffer.Span, offset));
    }

    // Closing is no part of being durable: what was synced is safe, and of the rest nothing was promised.
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Abandon()
    {
        _isAbandoned = true;
        _calls.Discard(_path);
    }

    private void ThrowIfAbandoned()
    {
        if (_isAbandoned)
        {
            throw new StorageException("The staged object was abandoned after an earlier fault.", false);
        }
    }
}
