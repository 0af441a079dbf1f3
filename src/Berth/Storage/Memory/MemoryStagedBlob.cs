namespace Berth.Storage.Memory;

internal sealed class MemoryStagedBlob(MemoryObject content) : IStagedBlob
{
    public long Length => content.Length;

    public ValueTask AppendAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        content.Append(block.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(content.Read(buffer.Span, offset));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
