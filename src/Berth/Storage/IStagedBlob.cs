namespace Berth.Storage;

/// <summary>An object being written. Only its owner uses it. Disposing keeps what was appended.</summary>
public interface IStagedBlob : IAsyncDisposable
{
    /// <summary>Bytes written so far.</summary>
    long Length { get; }

    ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>When this returns, everything appended so far survives a power cut.</summary>
    ValueTask SyncAsync(CancellationToken cancellationToken);

    /// <summary>Reads back what was appended. Zero bytes only at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);
}
