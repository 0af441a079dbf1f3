using Berth.Storage;

namespace Berth.Uploads;

/// <summary>The hash of the first <see cref="Length"/> bytes of an upload, ready for the next one.</summary>
internal abstract class RunningHash(DigestAlgorithm algorithm) : IDisposable
{
    private const int ReadBlock = 256 * 1024;

    public DigestAlgorithm Algorithm => algorithm;

    /// <summary>Bytes hashed so far.</summary>
    public long Length { get; protected set; }

    /// <summary>The hash of no bytes.</summary>
    public static RunningHash Create(DigestAlgorithm algorithm) =>
        OpenSslHash.IsAvailable ? new OpenSslHash(algorithm) : new PlatformHash(algorithm);

    /// <summary>Continues what <see cref="Save"/> gave, on whichever machine.</summary>
    /// <returns>Null when there is nothing to continue, such as for another algorithm or platform: the bytes must be hashed again.</returns>
    public static RunningHash? Load(DigestAlgorithm algorithm, string? state, long length) =>
        length == 0 ? Create(algorithm)
        : OpenSslHash.IsAvailable && state is not null ? OpenSslHash.Load(algorithm, state, length)
        : null;

    /// <summary>Hashes what a staged object holds.</summary>
    public static async ValueTask<RunningHash> ReadBackAsync(
        DigestAlgorithm algorithm, IStagedBlob staged, CancellationToken cancellationToken)
    {
        var hash = Create(algorithm);
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

    public abstract void Append(ReadOnlySpan<byte> content);

    /// <summary>The digest of what came so far; more may follow.</summary>
    public abstract Digest ToDigest();

    /// <summary>Everything that <see cref="Load"/> needs besides the length, as text; null when the platform cannot tell.</summary>
    public abstract string? Save();

    public abstract void Dispose();
}
