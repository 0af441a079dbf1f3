using System.Security.Cryptography;

namespace Berth.Storage.S3;

/// <summary>The store's entity tags, without quotes.</summary>
internal static class EntityTag
{
    private const int Md5Length = 16;

    public static string Bare(string? tag) => tag?.Trim('"') ?? "";

    /// <summary>As the store tags what was written in one request, unless it encrypts with a key of the key management service.</summary>
    public static string OfWhole(PartBuffer content) => Convert.ToHexStringLower(content.ComputeMd5());

    /// <summary>As the store tags what it put together from parts, with the same exception. Null when a part has a tag of another kind.</summary>
    public static string? OfParts(IReadOnlyList<PartNote> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var part in parts)
        {
            if (part.ETag.Length != 2 * Md5Length || !part.ETag.All(char.IsAsciiHexDigit))
            {
                return null;
            }

            hash.AppendData(Convert.FromHexString(part.ETag));
        }

        return $"{Convert.ToHexStringLower(hash.GetHashAndReset())}-{parts.Count}";
    }
}
