using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem;

internal sealed class FileBlobContent(IOpenFile file) : IFileContent
{
    public long Length => file.Length;

    public SafeFileHandle? File => file.Handle;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(file.Read(buffer.Span, offset));
    }

    public void Dispose() => file.Dispose();
}
