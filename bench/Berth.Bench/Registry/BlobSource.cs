using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Berth.Bench.Registry;

/// <summary>The content of a blob of any size: made up, always the same for one number, in slices of up to 1 MiB that do not repeat.</summary>
internal sealed class BlobSource(int number, long size)
{
    private const int SliceBytes = 1 << 20;

    private static readonly byte[] Noise = CreateNoise();

    private readonly byte[] _slice = [.. Noise];

    /// <summary>In bytes.</summary>
    public long Size { get; } = size;

    /// <summary>The slices in order. One is valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Slices()
    {
        for (var offset = 0L; offset < Size; offset += SliceBytes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_slice, number);
            BinaryPrimitives.WriteInt64LittleEndian(_slice.AsSpan(sizeof(int)), offset);
            yield return _slice.AsMemory(0, (int)Math.Min(SliceBytes, Size - offset));
        }
    }

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
