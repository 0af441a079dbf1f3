using System.Security.Cryptography;

namespace Berth.Oci;

/// <summary>A hash algorithm that the image specification registers. There are exactly two instances.</summary>
/// <remarks>Image specification, descriptor.md, "Registered algorithms".</remarks>
public sealed class DigestAlgorithm
{
    /// <summary>SHA-256, the canonical algorithm.</summary>
    public static readonly DigestAlgorithm Sha256 = new("sha256", 64, HashAlgorithmName.SHA256);

    /// <summary>SHA-512.</summary>
    public static readonly DigestAlgorithm Sha512 = new("sha512", 128, HashAlgorithmName.SHA512);

    private DigestAlgorithm(string name, int hexLength, HashAlgorithmName hashName) =>
        (Name, HexLength, HashName) = (name, hexLength, hashName);

    /// <summary>The part of a digest before the colon.</summary>
    public string Name { get; }

    /// <summary>Number of hexadecimal characters after the colon.</summary>
    public int HexLength { get; }

    /// <summary>The platform's name of the hash.</summary>
    public HashAlgorithmName HashName { get; }

    /// <summary>Finds an algorithm by its exact, lower-case name.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out DigestAlgorithm algorithm)
    {
        algorithm = name is "sha512" ? Sha512 : Sha256;
        return name is "sha256" or "sha512";
    }

    public override string ToString() => Name;
}
