using System.Globalization;
using System.Security.Cryptography;
using Berth.Bench.Load;

namespace Berth.Bench.Registry;

/// <summary>Pulls blobs, whole or in parts, and checks every byte.</summary>
internal sealed class BlobPull(RegistryConnection registry, string repository)
{
    /// <summary>Reads a blob to its end and compares its size and digest.</summary>
    /// <returns>Its size in bytes.</returns>
    public async ValueTask<long> PullAsync(PushedBlob blob, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        await registry.SendAsync(
            RequestBytes.Of(registry.Url, "GET", $"/v2/{repository}/blobs/{blob.Digest}"),
            200,
            piece =>
            {
                hash.AppendData(piece);
                size += piece.Length;
            },
            cancellationToken);

        var digest = Digest.FromHash(DigestAlgorithm.Sha256, hash.GetCurrentHash());
        return size == blob.Size && digest == blob.Digest
            ? size
            : throw new WrongAnswerException($"a blob of {size} bytes with the digest {digest} for {blob}");
    }

    /// <summary>Reads a part of a blob and compares it with what was pushed.</summary>
    /// <param name="offset">Where it begins; the part is <paramref name="expected"/> long.</param>
    /// <returns>Its size in bytes.</returns>
    public async ValueTask<long> PullRangeAsync(PushedBlob blob, long offset, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{offset}-{offset + expected.Length - 1}");
        var request = RequestBytes.Of(registry.Url, "GET", $"/v2/{repository}/blobs/{blob.Digest}", $"Range: bytes={range}");
        var answer = await registry.SendAsync(request, 206, cancellationToken);
        var promised = string.Create(CultureInfo.InvariantCulture, $"bytes {range}/{blob.Size}");
        return answer.Body.Span.SequenceEqual(expected.Span) && answer.Find("Content-Range") == promised
            ? expected.Length
            : throw new WrongAnswerException($"{answer.Body.Length} bytes that are not bytes {range} of {blob}: {answer.Head}");
    }
}
