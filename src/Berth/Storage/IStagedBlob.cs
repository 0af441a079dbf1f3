namespace Berth.Storage;

/// <summary>An object being written. Only its owner uses it. Disposing keeps what was synced; of the rest nothing is promised.</summary>
public interface IStagedBlob : IAsyncDisposable
{
    /// <summary>Bytes written so far.</summary>
    long Length { get; }

    ValueTask AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>When this returns, everything appended so far survives a power cut, and any node can go on with it.</summary>
    /// <returns>What the store has to be told then (<see cref="IBlobStore.StageAsync"/>); null when it needs nothing.</returns>
    ValueTask<string?> SyncAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="SyncAsync"/>, but nothing follows any more: the commit is next.</summary>
    /// <returns>What the commit has to be told. Not null: the metadata must name it first, so that only one node can commit.</returns>
    ValueTask<string?> CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Whether what was appended can be read back before the commit.</summary>
    bool CanRead { get; }

    /// <summary>Reads back what was appended, if <see cref="CanRead"/>. Zero bytes only at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);
}
