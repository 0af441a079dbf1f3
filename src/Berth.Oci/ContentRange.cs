using System.Globalization;

namespace Berth.Oci;

/// <summary>The <c>Content-Range</c> of a chunk: inclusive first and last byte, no unit. The specification: <c>^[0-9]+-[0-9]+$</c>.</summary>
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
            || !long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            || !long.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            || end < start
            || end == long.MaxValue)
        {
            return false;
        }

        range = new ContentRange(start, end);
        return true;
    }
}
