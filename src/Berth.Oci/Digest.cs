using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Berth.Oci;

/// <summary>A content digest whose text has been checked: known algorithm, lower-case hex, exact length.</summary>
/// <remarks>Image specification, descriptor.md, "Digests".</remarks>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest
{
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private Digest(string text) => _text = text;

    /// <summary>The canonical text, as on the wire.</summary>
    public string Value => _text ?? throw new InvalidOperationException("default(Digest) is not a digest.");

    public DigestAlgorithm Algorithm =>
        Value.StartsWith("sha512", StringComparison.Ordinal) ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256;

    /// <summary>The hexadecimal part.</summary>
    public ReadOnlySpan<char> Hex => Value.AsSpan(Algorithm.Name.Length + 1);

    /// <summary>Hashes <paramref name="content"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> content, DigestAlgorithm algorithm)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        var length = CryptographicOperations.HashData(algorithm.HashName, content, hash);
        return FromHash(algorithm, hash[..length]);
    }

    /// <summary>Wraps a hash that was computed elsewhere.</summary>
    public static Digest FromHash(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length * 2, algorithm.HexLength);
        return new($"{algorithm.Name}:{Convert.ToHexStringLower(hash)}");
    }

    public static bool TryParse(ReadOnlySpan<char> text, out Digest digest)
    {
        digest = default;
        var colon = text.IndexOf(':');
        if (colon < 0 || !DigestAlgorithm.TryParse(text[..colon], out var algorithm))
        {
            return false;
        }

        var hex = text[(colon + 1)..];
        if (hex.Length != algorithm.HexLength || hex.ContainsAnyExcept(LowerHex))
        {
            return false;
        }

        digest = new Digest(text.ToString());
        return true;
    }

    /// <exception cref="OciException">DIGEST_INVALID: the text is not a digest of a supported algorithm.</exception>
    public static Digest Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var digest) ? digest : throw new OciException(OciError.DigestMalformed(text.ToString()));

    public override string ToString() => _text ?? "(no digest)"; // for people and logs; it must not throw
}
