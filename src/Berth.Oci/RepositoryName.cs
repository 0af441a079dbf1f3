using System.Buffers;

namespace Berth.Oci;

/// <summary>A repository name whose text has been checked against the specification's grammar.</summary>
/// <remarks>
/// Distribution specification, "Pulling manifests":
/// <c>[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*</c>, at most 255 characters.
/// The scanner below is linear in any input; a test compares it with that pattern.
/// </remarks>
public readonly record struct RepositoryName
{
    /// <summary>The longest name in characters.</summary>
    public const int MaxLength = 255;

    private static readonly SearchValues<char> Alphanumeric = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private readonly string? _text;

    private RepositoryName(string text) => _text = text;

    public string Value => _text ?? throw new InvalidOperationException("default(RepositoryName) is not a name.");

    public static bool TryParse(ReadOnlySpan<char> text, out RepositoryName name)
    {
        var valid = IsName(text);
        name = valid ? new RepositoryName(text.ToString()) : default;
        return valid;
    }

    /// <exception cref="OciException">NAME_INVALID.</exception>
    public static RepositoryName Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var name) ? name : throw new OciException(OciError.NameInvalid(text.ToString()));

    public override string ToString() => _text ?? "(no name)";

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength || !Alphanumeric.Contains(text[^1]))
        {
            return false;
        }

        // A name alternates between runs of letters and digits and single separators; the last run was checked above.
        var position = 0;
        while (position < text.Length)
        {
            var run = text[position..].IndexOfAnyExcept(Alphanumeric);
            if (run < 0)
            {
                return true;
            }

            if (run == 0 || !TryReadSeparator(text[(position + run)..], out var length))
            {
                return false;
            }

            position += run + length;
        }

        return false;
    }

    /// <summary>One of <c>/</c> <c>.</c> <c>_</c> <c>__</c> or any number of <c>-</c>.</summary>
    private static bool TryReadSeparator(ReadOnlySpan<char> text, out int length)
    {
        length = text[0] switch
        {
            '/' or '.' => 1,
            '_' => text is ['_', '_', ..] ? 2 : 1,
            '-' => text.IndexOfAnyExcept('-'),
            _ => 0,
        };
        return length > 0;
    }
}
