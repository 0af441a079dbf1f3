namespace Berth.Interop.Tests;

/// <summary>Bytes of which an eighth is random and the rest zero: as large as one likes, never the same, and quick to make and to compress.</summary>
public sealed class SparseRandomStream(long length) : Stream
{
    private const int Block = 1 << 20;
    private const int RandomPart = Block / 8;

    // Not a secret, only different in every block and every run.
    private readonly Random _random = new();
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        var inBlock = (int)(_position % Block);
        var isRandom = inBlock < RandomPart;
        var end = isRandom ? RandomPart : Block;
        var part = buffer[..(int)Math.Min(Math.Min(buffer.Length, end - inBlock), length - _position)];
        if (isRandom)
        {
            _random.NextBytes(part);
        }
        else
        {
            part.Clear();
        }

        _position += part.Length;
        return part.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
