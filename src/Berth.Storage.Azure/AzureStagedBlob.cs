using System.Security.Cryptography;

namespace Berth.Storage.Azure;

/// <summary>An object that is being written: full blocks go to where they stay, the rest waits in memory.</summary>
internal sealed class AzureStagedBlob(AzureContainer container, string name, IReadOnlyList<BlockNote> staged) : IStagedBlob
{
    public const int BlockSize = 4 * 1024 * 1024;

    /// <summary>The service's.</summary>
    private const int MostBlocks = 50_000;

    /// <summary>Ids of an object are all of one length; Base64 makes 16 characters of these.</summary>
    private const int IdBytes = 12;

    private readonly List<BlockNote> _blocks = [.. staged];
    private readonly MemoryStream _buffer = new();
    private bool _isAbandoned;

    public long Length { get; private set; } = staged.Sum(block => block.Size);

    public bool CanRead => false;

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        while (!content.IsEmpty)
        {
            if (_buffer.Length == BlockSize)
            {
                await StageAsync(cancellationToken);
            }

            var count = (int)Math.Min(content.Length, BlockSize - _buffer.Length);
            Fill(content.Span[..count]);
            Length += count;
            content = content[count..];
        }
    }

    public async ValueTask<string?> SyncAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        if (_buffer.Length > 0)
        {
            await StageAsync(cancellationToken);
        }

        return _blocks.Count == 0 ? null : new StagedNotes(_blocks).ToText();
    }

    public async ValueTask<string?> CompleteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfAbandoned();
        if (_blocks.Count > 0)
        {
            return await SyncAsync(cancellationToken);
        }

        try
        {
            if (await container.PutAsync(name, _buffer, cancellationToken))
            {
                return null;
            }

            if (await container.HeadAsync(name, cancellationToken) is not { } found)
            {
                // Blocks that nobody noted count as an object for the emulator. A list of blocks takes their place.
                await SyncAsync(cancellationToken);
                return new StagedNotes(_blocks).ToText();
            }

            return await HasSameBytesAsync(found, cancellationToken)
                ? null
                : throw new StorageException("Another object stands under this key.", isTransient: false);
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

    public ValueTask DisposeAsync() => _buffer.DisposeAsync();

    /// <summary>What was cancelled can be called again: a block that may have arrived is in no notes, and the next one has another id.</summary>
    private async Task StageAsync(CancellationToken cancellationToken)
    {
        if (_blocks.Count == MostBlocks)
        {
            throw new StorageException($"An object in the store has at most {MostBlocks} blocks.", isTransient: false);
        }

        var id = Convert.ToBase64String(RandomNumberGenerator.GetBytes(IdBytes));
        try
        {
            await container.StageBlockAsync(name, id, _buffer, cancellationToken);
        }
        catch (StorageException)
        {
            _isAbandoned = true;
            throw;
        }

        _blocks.Add(new BlockNote(id, _buffer.Length));
        _buffer.SetLength(0);
    }

    /// <summary>What stands there may be ours, from a try whose answer was lost. Checksums could be made to agree, bytes cannot.</summary>
    private async Task<bool> HasSameBytesAsync(AzureObjectInfo info, CancellationToken cancellationToken)
    {
        if (info.Size != _buffer.Length)
        {
            return false;
        }

        using var content = new AzureBlobContent(container, name, info);
        var stored = new byte[info.Size];
        for (var offset = 0; offset < stored.Length;)
        {
            offset += await content.ReadAsync(stored.AsMemory(offset), offset, cancellationToken);
        }

        return stored.AsSpan().SequenceEqual(_buffer.GetBuffer().AsSpan(0, stored.Length));
    }

    /// <summary>Memory grows with the bytes, and never beyond a block.</summary>
    private void Fill(ReadOnlySpan<byte> content)
    {
        var needed = (int)_buffer.Length + content.Length;
        if (needed > _buffer.Capacity)
        {
            _buffer.Capacity = Math.Min(BlockSize, Math.Max(needed, 2 * _buffer.Capacity));
        }

        _buffer.Position = _buffer.Length;
        _buffer.Write(content);
    }

    private void ThrowIfAbandoned()
    {
        if (_isAbandoned)
        {
            throw new StorageException("The staged object was abandoned after an earlier fault.", isTransient: false);
        }
    }
}
