namespace Berth.Storage.Memory;

internal sealed class MemoryBlobContent(MemoryObject content) : IBlobContent
{
    public long Length => content.Length;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(content.Read(buffer.Span, offset));
    }

    public void Dispose()
    {
    }
}
