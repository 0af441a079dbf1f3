using System.Buffers;
using System.Collections.Concurrent;

namespace Berth.Server.Hosting;

/// <summary>Gives out pinned blocks of one large size.</summary>
/// <remarks>
/// Kestrel's own blocks are 4 KiB: a blob would be read, hashed and written in 4 KiB steps, which costs three times the CPU of
/// steps of this size (docs/evidence.md). Kestrel waits for data before it rents, so idle connections hold no block.
/// </remarks>
internal sealed class BlockMemoryPool : MemoryPool<byte>
{
    /// <summary>Bytes in a block.</summary>
    public const int BlockSize = 256 * 1024;

    /// <summary>Blocks kept for reuse; what a burst takes beyond them goes back to the garbage collector.</summary>
    private const int MaxIdle = 256;

    private readonly ConcurrentQueue<Block> _idle = new();
    private int _idleCount;

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (!_idle.TryDequeue(out var block))
        {
            return new Block(this);
        }

        Interlocked.Decrement(ref _idleCount);
        block.IsRented = true;
        return block;
    }

    protected override void Dispose(bool disposing)
    {
        _idle.Clear();
        Interlocked.Exchange(ref _idleCount, 0);
    }

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref _idleCount) > MaxIdle)
        {
            Interlocked.Decrement(ref _idleCount);
            return;
        }

        _idle.Enqueue(block);
    }

    private sealed class Block(BlockMemoryPool owner) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public bool IsRented { get; set; } = true;

        public Memory<byte> Memory => _bytes;

        public void Dispose()
        {
            if (IsRented)
            {
                IsRented = false;
                owner.Return(this);
            }
        }
    }
}
