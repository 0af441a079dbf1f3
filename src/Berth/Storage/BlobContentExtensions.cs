using System.Security.Cryptography;

namespace Berth.Storage;

/// <summary>What is the same for the objects of all stores.</summary>
public static class BlobContentExtensions
{
    private const int ReadBlock = 1024 * 1024;

    /// <summary>Whether the committed object of a key has the bytes of a digest. Reads it to its end.</summary>
    public static async ValueTask<bool> HasBytesAsync(this IBlobStore store, BlobKey key, Digest digest, CancellationToken cancellationToken)
    {
        using var content = await store.OpenAsync(key, digest, cancellationToken);
        return content is not null && await content.HashAsync(digest.Algorithm, cancellationToken) == digest;
    }

    /// <summary>Reads an object to its end and hashes it.</summary>
    public static async ValueTask<Digest> HashAsync(this IBlobContent content, DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(algorithm.HashName);
        var buffer = new byte[(int)Math.Min(ReadBlock, content.Length)];
        var offset = 0L;
        while (await content.ReadAsync(buffer, offset, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            offset += read;
        }

        return Digest.FromHash(algorithm, hash.GetHashAndReset());
    }
}
