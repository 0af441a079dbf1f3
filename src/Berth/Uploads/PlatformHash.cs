using System.Security.Cryptography;

namespace Berth.Uploads;

/// <summary>The platform's own hash, which cannot be taken from one process to another.</summary>
internal sealed class PlatformHash(DigestAlgorithm algorithm) : RunningHash(algorithm)
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(algorithm.HashName);

    public override void Append(ReadOnlySpan<byte> content)
    {
        _hash.AppendData(content);
        Length += content.Length;
    }

    public override Digest ToDigest()
    {
        Span<byte> bytes = stackalloc byte[SHA512.HashSizeInBytes];
        var length = _hash.GetCurrentHash(bytes);
        return Digest.FromHash(Algorithm, bytes[..length]);
    }

    public override string? Save() => null;

    public override void Dispose() => _hash.Dispose();
}
