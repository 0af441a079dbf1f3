using System.Security.Cryptography;

namespace Berth.Storage.Gcs;

/// <summary>How objects are named in the bucket.</summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/blobs/9f/&lt;key&gt;                committed; 9f are the last two characters of the key
/// &lt;root&gt;/staging/&lt;key&gt;/&lt;nonce&gt;       a part of an upload
/// </code>
/// The digest is in no name, as in the other stores.
/// </remarks>
internal sealed class GcsNames(string prefix)
{
    private const int KeyLength = 32;
    private const int NonceLength = 32;

    public string Blobs { get; } = $"{prefix}blobs/";

    public string Staging { get; } = $"{prefix}staging/";

    /// <summary>Nothing else will ever have it.</summary>
    public static string NewNonce() => RandomNumberGenerator.GetHexString(NonceLength, lowercase: true);

    public static bool IsNonce(string? text) => text?.Length == NonceLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The name of an object that is there during a start only.</summary>
    public string Probe() => $"{prefix}probe/{NewNonce()}";

    public string Blob(BlobKey key)
    {
        var text = key.ToString();
        return $"{Blobs}{text[^2..]}/{text}";
    }

    public string Parts(BlobKey key) => $"{Staging}{key}/";

    public string Part(BlobKey key, string nonce) => Parts(key) + nonce;

    /// <summary>False for what is not ours.</summary>
    public bool TryParseBlob(string name, out BlobKey key)
    {
        key = default;
        return name.Length == Blobs.Length + 3 + KeyLength && BlobKey.TryParse(name.AsSpan(Blobs.Length + 3), out key) && name == Blob(key);
    }

    /// <summary>False for what is not ours.</summary>
    public bool TryParsePart(string name, out BlobKey key)
    {
        key = default;
        return name.Length == Staging.Length + KeyLength + 1 + NonceLength
            && BlobKey.TryParse(name.AsSpan(Staging.Length, KeyLength), out key)
            && name == Part(key, name[^NonceLength..]);
    }
}
