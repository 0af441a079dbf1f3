using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Berth.Bench.Registry;

/// <summary>The content of a blob of any size: made up, always the same for one number, in slices of up to 1 MiB that do not repeat.</summary>
internal sealed class BlobSource(long number, long size)
{
    /// <summary>The size of every slice but the last.</summary>
    public const int SliceBytes = 1 << 20;

    private const int MarkBytes = 2 * sizeof(long);

    private static readonly byte[] Noise = CreateNoise();

    private readonly byte[] _slice = Noise[..(int)Math.Min(SliceBytes, Math.Max(size, MarkBytes))];

    /// <summary>In bytes.</summary>
    public long Size { get; } = size;

    public int SliceCount { get; } = (int)((size + SliceBytes - 1) / SliceBytes);

    /// <summary>A slice, valid until the next is asked for.</summary>
    public ReadOnlyMemory<byte> Slice(int index)
    {
        var offset = (long)index * SliceBytes;
        BinaryPrimitives.WriteInt64LittleEndian(_slice, number);
        BinaryPrimitives.WriteInt64LittleEndian(_slice.AsSpan(sizeof(long)), offset);
        return _slice.AsMemory(0, (int)Math.Min(SliceBytes, Size - offset));
    }

    /// <summary>The slices in order. One is valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Slices() => Enumerable.Range(0, SliceCount).Select(Slice);

    public PushedBlob Describe()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var slice in Slices())
        {
            hash.AppendData(slice.Span);
        }

        return new PushedBlob(Digest.FromHash(DigestAlgorithm.Sha256, hash.GetCurrentHash()), Size);
    }

    private static byte[] CreateNoise()
    {
        var noise = new byte[SliceBytes];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
