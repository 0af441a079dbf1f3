namespace Berth.Storage.S3;

/// <summary>How objects are named in the bucket.</summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/blobs/9f/&lt;key&gt;                committed, or being put together from parts; 9f are the last two characters of the key
/// &lt;root&gt;/staging/&lt;key&gt;/&lt;nonce&gt;       a tail: bytes of an upload that do not fill a part yet
/// </code>
/// The digest is in no name: parts go straight to where they stay, before anybody knows it.
/// </remarks>
internal sealed class S3Names(string prefix)
{
    private const int KeyLength = 32;

    public string Blobs { get; } = $"{prefix}blobs/";

    public string Staging { get; } = $"{prefix}staging/";

    public string Probe() => $"{prefix}probe/{Nonce()}";

    public string Blob(BlobKey key)
    {
        var text = key.ToString();
        return $"{Blobs}{text[^2..]}/{text}";
    }

    public string Tails(BlobKey key) => $"{Staging}{key}/";

    /// <summary>The name of a tail that nothing else will ever have.</summary>
    public string NewTail(BlobKey key) => Tails(key) + Nonce();

    /// <summary>False for what is not ours.</summary>
    public bool TryParseBlob(string name, out BlobKey key)
    {
        key = default;
        return name.Length == Blobs.Length + 3 + KeyLength && BlobKey.TryParse(name.AsSpan(Blobs.Length + 3), out key) && name == Blob(key);
    }

    /// <summary>False for what is not ours.</summary>
    public bool TryParseTail(string name, out BlobKey key)
    {
        key = default;
        return name.Length > Staging.Length + KeyLength
            && name[Staging.Length + KeyLength] == '/'
            && name.StartsWith(Staging, StringComparison.Ordinal)
            && BlobKey.TryParse(name.AsSpan(Staging.Length, KeyLength), out key);
    }

    private static string Nonce() => System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
}
