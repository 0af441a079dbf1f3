using System.Globalization;

namespace Berth.Oci;

/// <summary>The <c>Content-Range</c> of a chunk: inclusive first and last byte, no unit.</summary>
/// <remarks>Distribution specification, "Pushing a blob in chunks": <c>^[0-9]+-[0-9]+$</c>.</remarks>
public readonly record struct ContentRange(long Start, long End)
{
    /// <summary>Bytes in the chunk.</summary>
    public long Length => End - Start + 1;

    /// <summary>Whether the text is a range whose end is not before its start and whose length fits a <see cref="long"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ContentRange range)
    {
        range = default;
        var dash = text.IndexOf('-');
        if (dash < 0
            || !TryParseNumber(text[..dash], out var start)
            || !TryParseNumber(text[(dash + 1)..], out var end)
            || end < start
            || end == long.MaxValue)
        {
            return false;
        }

        range = new ContentRange(start, end);
        return true;
    }

    // The check of the digits is not idle: long.TryParse passes over NULs at the end.
    private static bool TryParseNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return !text.ContainsAnyExceptInRange('0', '9')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
