using System.Security.Cryptography;

namespace Berth.Storage.Azure;

/// <summary>How objects are named in the container.</summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/blobs/9f/&lt;key&gt;     committed, or being put together from blocks; 9f are the last two characters of the key
/// </code>
/// The digest is in no name: blocks go straight to where they stay, before anybody knows it.
/// </remarks>
internal sealed class AzureNames(string prefix)
{
    private const int KeyLength = 32;

    public string Blobs { get; } = $"{prefix}blobs/";

    /// <summary>The name of an object that is there during a start only.</summary>
    public string Probe() => $"{prefix}probe/{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    public string Blob(BlobKey key)
    {
        var text = key.ToString();
        return $"{Blobs}{text[^2..]}/{text}";
    }

    /// <summary>False for what is not ours.</summary>
    public bool TryParseBlob(string name, out BlobKey key)
    {
        key = default;
        return name.Length == Blobs.Length + 3 + KeyLength && BlobKey.TryParse(name.AsSpan(Blobs.Length + 3), out key) && name == Blob(key);
    }
}
