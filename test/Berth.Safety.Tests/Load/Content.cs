using System.Security.Cryptography;

namespace Berth.Safety.Tests.Load;

/// <summary>The bytes of a blob, and what they are called.</summary>
public sealed class Content
{
    public Content(byte[] bytes, bool isSha512 = false) => (Bytes, Digest) = (bytes, DigestOf(bytes, isSha512));

    public byte[] Bytes { get; }

    public string Digest { get; }

    public static Content Random(Random random, int length, bool isSha512 = false)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return new Content(bytes, isSha512);
    }

    private static string DigestOf(byte[] bytes, bool isSha512) => isSha512
        ? $"sha512:{Convert.ToHexStringLower(SHA512.HashData(bytes))}"
        : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
