namespace Berth.Storage.FileSystem;

internal sealed class FileBlobContent(IOpenFile file) : IBlobContent
{
    public long Length => file.Length;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(file.Read(buffer.Span, offset));
    }

    public void Dispose() => file.Dispose();
}
