using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Berth.Server.Authentication;

/// <summary>The users of one reading of a file, and which passwords were right lately.</summary>
/// <remarks>
/// Only bcrypt is taken: the platform has none of the other formats that Apache's <c>htpasswd</c> writes, except SHA-1 without a salt,
/// which is no protection.
/// </remarks>
internal sealed class HtpasswdUsers
{
    /// <summary>How long a password that was right need not be hashed again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private static readonly SearchValues<char> Base64 = SearchValues.Create("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, RightPassword> _right = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _hashes;
    private readonly string[] _all;

    private HtpasswdUsers(Dictionary<string, string> hashes, IReadOnlyList<int> unusableLines) =>
        (_hashes, _all, UnusableLines) = (hashes, [.. hashes.Values], unusableLines);

    /// <summary>Lines, counted from 1, whose user cannot log in, because the password is in a format that is not taken.</summary>
    public IReadOnlyList<int> UnusableLines { get; }

    public int Count => _hashes.Count;

    /// <exception cref="FormatException">A line is no entry; the message names it.</exception>
    public static HtpasswdUsers Parse(string text)
    {
        var (hashes, unusable, number) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<int>(), 0);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var entry = line.Trim();
            if (entry is [] or ['#', ..])
            {
                continue;
            }

            var colon = entry.IndexOf(':');
            if (colon < 1 || colon == entry.Length - 1)
            {
                throw new FormatException($"invalid entry at line {number}");
            }

            var user = entry[..colon].ToString();
            var hash = entry[(colon + 1)..];
            hashes.Remove(user); // the last one counts
            if (IsBcrypt(hash))
            {
                hashes.Add(user, hash.ToString());
            }
            else
            {
                unusable.Add(number);
            }
        }

        return new HtpasswdUsers(hashes, unusable);
    }

    /// <summary>Whether this password of this user was right a short while ago. Takes no time worth mentioning.</summary>
    public bool IsRemembered(string user, string password, DateTimeOffset now) =>
        _right.TryGetValue(user, out var right) && now < right.Until && CryptographicOperations.FixedTimeEquals(right.Mac, Mac(user, password));

    /// <summary>Compares a password. Takes as long for a user who does not exist.</summary>
    /// <param name="verify">Compares a password with a bcrypt hash.</param>
    public bool Check(string user, string password, Func<string, string, bool> verify, DateTimeOffset now)
    {
        var isKnown = _hashes.TryGetValue(user, out var hash);
        hash ??= AnyHash(user);
        if (hash is null || !verify(password, hash) || !isKnown)
        {
            return false;
        }

        _right[user] = new RightPassword(Mac(user, password), now + Remembered);
        return true;
    }

    /// <summary>Somebody's hash, always the same one for a name, so that its cost is that of a real one; null when there is none.</summary>
    private string? AnyHash(string user) =>
        _all.Length == 0 ? null : _all[BitConverter.ToUInt32(Mac(user, "")) % (uint)_all.Length];

    /// <summary>Keyed by a secret of this reading of the file: it cannot be tried out elsewhere, and a new reading forgets it.</summary>
    private byte[] Mac(string user, string password)
    {
        // The length first, so that no two pairs make the same bytes.
        var text = string.Create(CultureInfo.InvariantCulture, $"{user.Length}:{user}{password}");
        return HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text));
    }

    private static bool IsBcrypt(ReadOnlySpan<char> hash) =>
        hash is ['$', '2', 'a' or 'b' or 'y', '$', >= '0' and <= '3', >= '0' and <= '9', '$', .. { Length: 53 } rest]
        && int.Parse(hash[4..6], CultureInfo.InvariantCulture) is >= 4 and <= 31
        && !rest.ContainsAnyExcept(Base64);

    private readonly record struct RightPassword(byte[] Mac, DateTimeOffset Until);
}
