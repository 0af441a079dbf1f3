using System.Security.Cryptography;
using Berth.Storage;

namespace Berth.Uploads;

/// <summary>The hash of the first <see cref="Length"/> bytes of an upload, ready for the next one.</summary>
internal sealed class RunningHash(DigestAlgorithm algorithm) : IDisposable
{
    private const int ReadBlock = 256 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(algorithm.HashName);

    public DigestAlgorithm Algorithm => algorithm;

    /// <summary>Bytes hashed so far.</summary>
    public long Length { get; private set; }

    /// <summary>Hashes what a staged object holds: for a request that another process, or another algorithm, began.</summary>
    public static async ValueTask<RunningHash> ReadBackAsync(
        DigestAlgorithm algorithm, IStagedBlob staged, CancellationToken cancellationToken)
    {
        var hash = new RunningHash(algorithm);
        var buffer = new byte[(int)Math.Min(ReadBlock, staged.Length)];
        while (hash.Length < staged.Length)
        {
            var read = await staged.ReadAsync(buffer, hash.Length, cancellationToken);
            if (read == 0)
            {
                throw new StorageException("a staged object ended early", isTransient: false);
            }

            hash.Append(buffer.AsSpan(0, read));
        }

        return hash;
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        _hash.AppendData(content);
        Length += content.Length;
    }

    public Digest ToDigest()
    {
        Span<byte> bytes = stackalloc byte[SHA512.HashSizeInBytes];
        var length = _hash.GetCurrentHash(bytes);
        return Digest.FromHash(algorithm, bytes[..length]);
    }

    public void Dispose() => _hash.Dispose();
}
