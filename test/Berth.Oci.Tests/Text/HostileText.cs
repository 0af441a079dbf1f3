using CsCheck;

namespace Berth.Oci.Tests.Text;

/// <summary>Text that strangers send: characters with a meaning to paths, URLs, terminals or cultures, and slips of valid values.</summary>
internal static class HostileText
{
    /// <summary>Longer than any value that is valid, so that a parser which is not linear would not come back.</summary>
    public const int LongLength = 100_000;

    private static readonly Gen<string> Piece = Gen.OneOf(
        "a", "z", "0", "9", "A", "Z", "f", "g",
        "_", "__", "-", "--", ".", "..", "/", "//", "\\", "%", "%2f", "%00", ":", ";", "?", "#", "@", "+", "=",
        " ", "\t", "\r", "\n", "\0", "'", "\"", "<", "&", "\u007F", "\u0085", "\u00A0", "\u200B", "\u202E", "\u2028", "\uFEFF", "\uFFFF",
        "\uFF41", "\uFF10", "\uFF0F", "\u0661", "\u0430", "\u017F", "\u212A", "\u0130", "\u00E9", "e\u0301", "\uD800", "\U0001F600",
        "CON", "nul", "sha256", "sha512", "sha384", "latest");

    /// <summary>Random pieces.</summary>
    public static readonly Gen<string> Any = Piece.Array[0, 24].Select(string.Concat);

    /// <summary>A valid value, most often with one or two slips in it.</summary>
    public static Gen<string> Near(Gen<string> valid) =>
        Gen.Select(valid, Slip.Array[0, 2], (text, slips) => slips.Aggregate(text, (slipped, slip) => slip(slipped)));

    private static Gen<Func<string, string>> Slip =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, int.MaxValue], Piece, (kind, at, piece) => new Func<string, string>(text =>
        {
            var position = text.Length == 0 ? 0 : at % text.Length;
            return kind switch
            {
                0 => text.Insert(position, piece),
                1 => text + piece,
                2 => piece + text,
                3 => text.Length == 0 ? piece : text.Remove(position, 1),
                4 => text.Length == 0 ? piece : text.Remove(position, 1).Insert(position, piece),
                5 => text.ToUpperInvariant(),
                _ => text + text,
            };
        }));
}
