using System.Buffers;
using System.Security.Cryptography;

namespace Berth.Storage.S3;

/// <summary>Bytes of one part, in blocks of a pool that come as the bytes do.</summary>
internal sealed class PartBuffer : IDisposable
{
    public const int BlockSize = 256 * 1024;

    /// <summary>Not the shared one, which keeps few arrays of this size. It keeps 64 MiB.</summary>
    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(BlockSize, 256);

    private readonly List<byte[]> _blocks = [];
    private bool _isDisposed;

    public int Length { get; private set; }

    public void Append(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var at = Length % BlockSize;
            if (at == 0)
            {
                _blocks.Add(Pool.Rent(BlockSize));
            }

            var count = Math.Min(content.Length, BlockSize - at);
            content[..count].CopyTo(_blocks[^1].AsSpan(at));
            Length += count;
            content = content[count..];
        }
    }

    public int Read(Span<byte> target, int offset)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (offset >= Length)
        {
            return 0;
        }

        var block = Block(offset / BlockSize)[(offset % BlockSize)..];
        var count = Math.Min(block.Length, target.Length);
        block[..count].CopyTo(target);
        return count;
    }

    public byte[] ComputeMd5()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        for (var index = 0; index < _blocks.Count; index++)
        {
            hash.AppendData(Block(index));
        }

        return hash.GetHashAndReset();
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _blocks.ForEach(block => Pool.Return(block));
        _blocks.Clear();
    }

    private ReadOnlySpan<byte> Block(int index) => _blocks[index].AsSpan(0, Math.Min(BlockSize, Length - (index * BlockSize)));
}
