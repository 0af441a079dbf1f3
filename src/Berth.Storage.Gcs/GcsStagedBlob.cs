namespace Berth.Storage.Gcs;

/// <summary>An object that is being written: full chunks go away as parts, the rest waits in memory.</summary>
internal sealed class GcsStagedBlob(GcsBucket bucket, GcsHttp http, GcsNames names, BlobKey key, StagedNotes notes, int chunkSize, SemaphoreSlim sending)
    : IStagedBlob
{
    private readonly MemoryStream _buffer = new();
    private List<PartNote> _parts = [.. notes.Parts];
    private uint _crc = notes.Crc;
    private bool _isAbandoned;

    public long Length { get; private set; } = notes.Size;

    public bool CanRead => false;

    private ReadOnlyMemory<byte> Buffered => _buffer.GetBuffer().AsMemory(0, (int)_buffer.Length);

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        while (!content.IsEmpty)
        {
            if (_buffer.Length == chunkSize)
            {
                await DoAsync(() => SendPartAsync(cancellationToken));
            }

            var count = (int)Math.Min(content.Length, chunkSize - _buffer.Length);
            Fill(content.Span[..count]);
            content = content[count..];
        }
    }

    public async ValueTask<string?> SyncAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        if (_buffer.Length > 0)
        {
            await DoAsync(() => SendPartAsync(cancellationToken));
        }

        return _parts.Count == 0 ? null : new StagedNotes(_parts, _crc).ToText();
    }

    public async ValueTask<string?> CompleteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        if (_parts.Count > 0)
        {
            return await SyncAsync(cancellationToken);
        }

        await DoAsync(() => WriteWholeAsync(cancellationToken));
        return null;
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        throw new NotSupportedException("An object store gives nothing back before the commit.");
    }

    public ValueTask DisposeAsync() => _buffer.DisposeAsync();

    /// <summary>After a fault nothing goes on. What was cancelled can be called again: a part that may have arrived is in no notes, and the next has another name.</summary>
    private async Task DoAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (StorageException)
        {
            _isAbandoned = true;
            throw;
        }
    }

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        if (_parts.Count == StagedNotes.MostParts)
        {
            _parts = [await MergeAsync(cancellationToken)];
        }

        var nonce = GcsNames.NewNonce();
        var part = await PutAsync(names.Part(key, nonce), cancellationToken) ?? await FindAsync(nonce, cancellationToken);
        _parts.Add(ToNote(nonce, part, _buffer.Length));
        _buffer.SetLength(0);
    }

    /// <summary>Makes one part of all. The others stay: notes that name them may be all that is recorded.</summary>
    private async Task<PartNote> MergeAsync(CancellationToken cancellationToken)
    {
        var nonce = GcsNames.NewNonce();
        var composition = new GcsComposition(
            [.. _parts.Select(part => new GcsSource(names.Part(key, part.Nonce), part.Generation))], new GcsNewObject(), DeleteSourceObjects: false);
        var merged = await bucket.ComposeAsync(names.Part(key, nonce), composition, cancellationToken) ?? await FindAsync(nonce, cancellationToken);
        return ToNote(nonce, merged, _parts.Sum(part => part.Size));
    }

    /// <summary>What was written when an answer was lost: nobody else has the name.</summary>
    private async Task<GcsObject> FindAsync(string nonce, CancellationToken cancellationToken) =>
        await bucket.HeadAsync(names.Part(key, nonce), cancellationToken)
            ?? throw new StorageException("Parts of the upload are gone from the object store.", isTransient: false);

    private async Task WriteWholeAsync(CancellationToken cancellationToken)
    {
        var name = names.Blob(key);
        if (await PutAsync(name, cancellationToken) is not null)
        {
            return;
        }

        if (await bucket.HeadAsync(name, cancellationToken) is not { } found || !await HasSameBytesAsync(found, cancellationToken))
        {
            throw new StorageException("Another object stands under this key.", isTransient: false);
        }
    }

    private async Task<GcsObject?> PutAsync(string name, CancellationToken cancellationToken)
    {
        await sending.WaitAsync(cancellationToken);
        try
        {
            return await bucket.PutAsync(name, Buffered, cancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>What stands there may be ours, from a try whose answer was lost. Checksums could be made to agree, bytes cannot.</summary>
    private async Task<bool> HasSameBytesAsync(GcsObject info, CancellationToken cancellationToken)
    {
        if (info.Size != _buffer.Length)
        {
            return false;
        }

        using var content = new GcsBlobContent(bucket, http, info);
        var stored = new byte[info.Size];
        for (var offset = 0; offset < stored.Length;)
        {
            offset += await content.ReadAsync(stored.AsMemory(offset), offset, cancellationToken);
        }

        return stored.AsSpan().SequenceEqual(Buffered.Span);
    }

    private static PartNote ToNote(string nonce, GcsObject part, long size) => part.Size == size
        ? new PartNote(nonce, part.Generation, size)
        : throw new StorageException("The object store has another number of bytes than were sent.", isTransient: false);

    /// <summary>Memory grows with the bytes, and never beyond a chunk.</summary>
    private void Fill(ReadOnlySpan<byte> content)
    {
        var needed = (int)_buffer.Length + content.Length;
        if (needed > _buffer.Capacity)
        {
            _buffer.Capacity = (int)Math.Min(chunkSize, Math.Max(needed, 2L * _buffer.Capacity));
        }

        _buffer.Position = _buffer.Length;
        _buffer.Write(content);
        _crc = Crc32C.Append(_crc, content);
        Length += content.Length;
    }

    private void ThrowIfAbandoned()
    {
        if (_isAbandoned)
        {
            throw new StorageException("The staged object was abandoned after an earlier fault.", isTransient: false);
        }
    }
}
