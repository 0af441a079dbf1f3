using Berth.Storage;

namespace Berth.Migration;

/// <summary>Reads a blob of the source from its beginning to its end. A fault of the source ends it as a broken connection ends a client's body.</summary>
internal sealed class SourceStream(IBlobContent content, MigrationProgress progress) : Stream
{
    private long _position;

    /// <summary>Why it ended early, if it did.</summary>
    public StorageException? Fault { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await content.ReadAsync(buffer, _position, cancellationToken);
            _position += read;
            progress.AddBytes(read);
            return read;
        }
        catch (StorageException fault)
        {
            Fault = fault;
            throw new IOException(fault.Message, fault);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
