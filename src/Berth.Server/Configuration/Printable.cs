using System.Text;

namespace Berth.Server.Configuration;

/// <summary>Makes a stranger's text fit for one line of a terminal or a log: short, and without control characters.</summary>
internal static class Printable
{
    private const int MaxLength = 200;

    public static string Of(string text)
    {
        var printable = new StringBuilder();
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            // Surrogates too: a cut pair is not text.
            var isPrintable = !char.IsControl(character) && !char.IsSurrogate(character) && character is not ('\u2028' or '\u2029');
            printable.Append(isPrintable ? character : '?');
        }

        return text.Length > MaxLength ? printable.Append("...").ToString() : printable.ToString();
    }
}
