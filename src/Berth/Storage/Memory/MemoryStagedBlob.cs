namespace Berth.Storage.Memory;

internal sealed class MemoryStagedBlob(MemoryObject content) : IStagedBlob
{
    public long Length => content.Length;

    public bool CanRead => true;

    public ValueTask AppendAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        content.Append(block.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask<string?> SyncAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new((string?)null);
    }

    public ValueTask<string?> CompleteAsync(CancellationToken cancellationToken) => SyncAsync(cancellationToken);

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(content.Read(buffer.Span, offset));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
