using System.Buffers;

namespace Berth.Access;

/// <summary>A pattern of repository names: <c>*</c> stands for anything within one component, <c>**</c> for anything at all, also nothing.</summary>
/// <remarks>Matching takes time in proportion to the lengths of pattern and name, whatever they are: it never goes back.</remarks>
public sealed record RepositoryGlob
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-/*");

    private readonly string _pattern;

    private RepositoryGlob(string pattern)
    {
        _pattern = pattern;
        Prefix = pattern.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star ? pattern[..star] : pattern;
    }

    /// <summary>Matches every name.</summary>
    public static RepositoryGlob Everything { get; } = new("**");

    /// <summary>What every name that matches begins with.</summary>
    public string Prefix { get; }

    public bool IsEverything => _pattern == Everything._pattern;

    /// <returns>False for what can match no name: it is too long, or has characters that no name has, or three stars in a row.</returns>
    public static bool TryParse(string text, out RepositoryGlob? glob)
    {
        var isGlob = text.Length is > 0 and <= RepositoryName.MaxLength
            && !text.AsSpan().ContainsAnyExcept(Allowed)
            && !text.Contains("***", StringComparison.Ordinal);
        glob = isGlob ? new RepositoryGlob(text) : null;
        return isGlob;
    }

    public bool Matches(RepositoryName repository)
    {
        var name = repository.Value.AsSpan();
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        // What follows the prefix: the places of the pattern that the name may have come to, moved on by one character at a time.
        var pattern = _pattern.AsSpan(Prefix.Length);
        name = name[Prefix.Length..];
        Span<bool> places = stackalloc bool[RepositoryName.MaxLength + 1];
        Span<bool> next = stackalloc bool[RepositoryName.MaxLength + 1];
        places = places[..(pattern.Length + 1)];
        next = next[..(pattern.Length + 1)];
        places[0] = true;
        PassStars(pattern, places);
        foreach (var character in name)
        {
            next.Clear();
            for (var place = 0; place < pattern.Length; place++)
            {
                if (!places[place])
                {
                    continue;
                }

                if (pattern[place] != '*')
                {
                    next[place + 1] |= pattern[place] == character;
                }
                else if (character != '/' || IsDouble(pattern, place))
                {
                    next[place] = true;
                }
            }

            PassStars(pattern, next);
            next.CopyTo(places);
        }

        return places[^1];
    }

    public override string ToString() => _pattern;

    /// <summary>A star may stand for nothing.</summary>
    private static void PassStars(ReadOnlySpan<char> pattern, Span<bool> places)
    {
        for (var place = 0; place < pattern.Length; place++)
        {
            if (places[place] && pattern[place] == '*')
            {
                places[place + (IsDouble(pattern, place) ? 2 : 1)] = true;
            }
        }
    }

    private static bool IsDouble(ReadOnlySpan<char> pattern, int place) => place + 1 < pattern.Length && pattern[place + 1] == '*';
}
