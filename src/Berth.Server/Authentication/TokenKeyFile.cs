using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Berth.Server.Authentication;

/// <summary>A file of keys. RFC 7517, 5.</summary>
internal static class TokenKeyFile
{
    /// <summary>Bytes; a key is a few hundred.</summary>
    private const int MaxSize = 1024 * 1024;

    /// <summary>The keys for signatures, each with an id: its own, or its thumbprint (RFC 7638).</summary>
    /// <exception cref="FormatException">A key is not whole, of an unknown kind, or has the id of another one.</exception>
    /// <exception cref="ArgumentException">It is not a set of keys.</exception>
    public static IReadOnlyList<JsonWebKey> Read(string path)
    {
        var keys = new Dictionary<string, JsonWebKey>(StringComparer.Ordinal);
        foreach (var key in new JsonWebKeySet(ReadText(path)).Keys.Where(key => key.Use is null or "sig"))
        {
            if (!IsWhole(key))
            {
                throw new FormatException($"key {keys.Count + 1} is no RSA, EC or oct key with all that belongs to one");
            }

            key.KeyId ??= Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
            if (!keys.TryAdd(key.KeyId, key))
            {
                throw new FormatException($"keys {keys.Count} and {keys.Count + 1} have the same kid");
            }
        }

        return [.. keys.Values];
    }

    private static bool IsWhole(JsonWebKey key) => key.Kty switch
    {
        "RSA" => key is { N: not null, E: not null },
        "EC" => key is { Crv: not null, X: not null, Y: not null },
        "oct" => key.K is not null,
        _ => false,
    };

    private static string ReadText(string path)
    {
        using var file = File.OpenHandle(path);
        var buffer = new byte[MaxSize + 1];
        var size = RandomAccess.Read(file, buffer, fileOffset: 0);
        return size <= MaxSize ? Encoding.UTF8.GetString(buffer, 0, size) : throw new FormatException("it is larger than 1 MiB");
    }
}
