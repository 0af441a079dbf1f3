using Microsoft.Extensions.Logging;

namespace Berth.Storage.S3;

/// <summary>An object that is being written: full parts go to where they stay, the rest waits in memory, and in a tail once it must be durable.</summary>
internal sealed partial class S3StagedBlob : IStagedBlob
{
    private const int MostInFlight = 2;

    private readonly S3Bucket _bucket;
    private readonly S3Multiparts _multiparts;
    private readonly S3Names _names;
    private readonly PartLimits _limits;
    private readonly BlobKey _key;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposing = new();
    private readonly List<PartNote> _parts;
    private readonly Queue<Task<PartNote>> _inFlight = new();
    private PartBuffer _buffer = new();
    private readonly PartNote? _whole;
    private string? _uploadId;
    private (string Name, PartNote Note)? _tail;
    private long _tailEnd;
    private bool _hadTails;
    private bool _isNoted;
    private bool _isAbandoned;
    private bool _isDisposed;

    /// <param name="notes">What there is, perhaps all of it already; null for a new object.</param>
    public S3StagedBlob(S3Bucket bucket, S3Multiparts multiparts, S3Names names, PartLimits limits, BlobKey key, StagedNotes? notes, ILogger logger)
    {
        (_bucket, _multiparts, _names, _limits, _key, _logger) = (bucket, multiparts, names, limits, key, logger);
        _uploadId = notes?.UploadId;
        _isNoted = _uploadId is not null;
        _parts = [.. notes?.Parts ?? []];
        _whole = notes?.Whole;
        _hadTails = notes?.HadTails ?? false;
        Length = _parts.Sum(part => part.Size) + (_whole?.Size ?? 0);
    }

    public long Length { get; private set; }

    public bool CanRead => false;

    private int PartSize => _limits.SizeAfter(_parts.Count + _inFlight.Count);

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        try
        {
            while (!content.IsEmpty)
            {
                if (_whole is not null)
                {
                    throw new StorageException("The object is complete: nothing can follow.", isTransient: false);
                }

                if (_buffer.Length >= PartSize)
                {
                    await SendPartAsync(cancellationToken);
                }

                var count = Math.Min(content.Length, PartSize - _buffer.Length);
                _buffer.Append(content.Span[..count]);
                Length += count;
                content = content[count..];
            }
        }
        catch (StorageException)
        {
            _isAbandoned = true;
            throw;
        }
    }

    public async ValueTask<string?> SyncAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        try
        {
            if (_buffer.Length >= PartSize)
            {
                await SendPartAsync(cancellationToken);
            }

            await CollectAllAsync(cancellationToken);
            await WriteTailAsync(cancellationToken);
        }
        catch (StorageException)
        {
            _isAbandoned = true;
            throw;
        }

        _isNoted = true;
        return Length == 0 ? null : Notes(_whole).ToText();
    }

    public async ValueTask<string?> CompleteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        try
        {
            var whole = _whole;
            if (_uploadId is null)
            {
                whole ??= await WriteWholeAsync(cancellationToken);
            }
            else if (_buffer.Length > 0)
            {
                await SendPartAsync(cancellationToken);
            }

            await CollectAllAsync(cancellationToken);
            _tail = null; // its bytes are in the last part
            _isNoted = true;
            return Notes(whole).ToText();
        }
        catch (StorageException)
        {
            _isAbandoned = true;
            throw;
        }
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        throw new NotSupportedException("An object store gives nothing back before the commit.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _disposing.CancelAsync();
        Task inFlight = Task.WhenAll(_inFlight);
        await inFlight.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        _inFlight.Clear();
        _buffer.Dispose();
        _disposing.Dispose();
        if (_uploadId is { } uploadId && !_isNoted)
        {
            await AbortAsync(uploadId);
        }
    }

    /// <summary>Reads the tail back in, to go on from it.</summary>
    /// <returns>False when it is gone, or not what the notes say.</returns>
    internal async Task<bool> LoadTailAsync(string name, PartNote note, CancellationToken cancellationToken)
    {
        using var content = new S3BlobContent(_bucket, name, new S3ObjectInfo(note.Size, note.ETag, null), S3BlobContent.DefaultTimeout);
        var block = new byte[(int)Math.Min(PartBuffer.BlockSize, note.Size)];
        for (var offset = 0L; offset < note.Size;)
        {
            var read = await content.TryReadAsync(block, offset, cancellationToken);
            if (read is null or 0)
            {
                return false;
            }

            offset += read.Value;
            await AppendAsync(block.AsMemory(0, read.Value), cancellationToken);
        }

        (_tail, _tailEnd) = ((name, note), Length);
        return true;
    }

    private StagedNotes Notes(PartNote? whole) => new()
    {
        UploadId = _uploadId,
        Parts = _parts.Count > 0 ? [.. _parts] : null,
        TailName = _tail?.Name,
        Tail = _tail?.Note,
        Whole = whole,
        HadTails = _hadTails,
    };

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        if (_parts.Count + _inFlight.Count == PartLimits.MostParts)
        {
            throw new StorageException($"An object in the store has at most {PartLimits.MostParts} parts; a larger chunksize allows more bytes.", false);
        }

        _uploadId ??= await _multiparts.CreateAsync(_names.Blob(_key), cancellationToken);
        while (_inFlight.Count >= MostInFlight)
        {
            await CollectAsync(cancellationToken);
        }

        await _limits.InFlight.WaitAsync(cancellationToken);
        var number = _parts.Count + _inFlight.Count + 1;
        _inFlight.Enqueue(UploadPartAsync(number, _uploadId, _buffer));
        _buffer = new PartBuffer();
    }

    private async Task<PartNote> UploadPartAsync(int number, string uploadId, PartBuffer content)
    {
        try
        {
            await Task.Yield(); // whoever fills the next part need not wait for this one's checksum
            return await _multiparts.UploadPartAsync(_names.Blob(_key), uploadId, number, content, _disposing.Token);
        }
        finally
        {
            content.Dispose();
            _limits.InFlight.Release();
        }
    }

    private async Task CollectAllAsync(CancellationToken cancellationToken)
    {
        while (_inFlight.Count > 0)
        {
            await CollectAsync(cancellationToken);
        }
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        _parts.Add(await _inFlight.Peek().WaitAsync(cancellationToken));
        _ = _inFlight.Dequeue();
    }

    /// <summary>Under a name of its own: the tail before belongs to notes that may be all that is recorded.</summary>
    private async Task WriteTailAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length == 0)
        {
            _tail = null;
            return;
        }

        if (_tailEnd == Length)
        {
            return; // nothing came since
        }

        var name = _names.NewTail(_key);
        _hadTails = true;
        var etag = await _bucket.PutAsync(name, _buffer, isNew: false, isKept: false, cancellationToken);
        (_tail, _tailEnd) = ((name, new PartNote(_buffer.Length, etag!)), Length);
    }

    /// <summary>The commit judges what stands there, if it is not new: it may be ours, written by a request whose answer was lost.</summary>
    private async Task<PartNote> WriteWholeAsync(CancellationToken cancellationToken)
    {
        var etag = await _bucket.PutAsync(_names.Blob(_key), _buffer, isNew: true, isKept: true, cancellationToken) ?? EntityTag.OfWhole(_buffer);
        return new PartNote(_buffer.Length, etag);
    }

    private async Task AbortAsync(string uploadId)
    {
        try
        {
            await _multiparts.AbortAsync(_names.Blob(_key), uploadId, CancellationToken.None);
        }
        catch (StorageException fault)
        {
            Log.AbortFailed(_logger, _key, fault);
        }
    }

    private void ThrowIfAbandoned()
    {
        if (_isAbandoned)
        {
            throw new StorageException("The staged object was abandoned after an earlier fault.", false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(S3EventIds.AbortFailed, LogLevel.Warning, "The parts of an upload that was given up ({Key}) could not be removed from the bucket")]
        public static partial void AbortFailed(ILogger logger, BlobKey key, Exception exception);
    }
}
