using System.Globalization;

namespace Berth.Server.Protocol;

/// <summary>One range of bytes to send (RFC 9110, 14).</summary>
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>Reads a <c>Range</c> header.</summary>
    /// <returns>
    /// Null when it asks for nothing we do: no header, another unit, or several ranges, all of which RFC 9110 lets a server answer
    /// with the whole content.
    /// </returns>
    /// <exception cref="OciException">RANGE_INVALID (416): malformed, backwards, or beyond the end.</exception>
    public static ByteRange? Parse(string? header, long size)
    {
        const string Unit = "bytes=";
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) || header.Contains(','))
        {
            return null;
        }

        var text = header.AsSpan(Unit.Length).Trim();
        var dash = text.IndexOf('-');
        var range = dash switch
        {
            < 0 => null,
            0 => FromEnd(text[1..], size),
            _ => FromStart(text[..dash], text[(dash + 1)..], size),
        };
        return range ?? throw new OciException(OciError.RangeNotSatisfiable(size));
    }

    private static ByteRange? FromEnd(ReadOnlySpan<char> suffix, long size) =>
        TryParse(suffix, out var length) && length > 0 && size > 0 ? new ByteRange(Math.Max(0, size - length), Math.Min(length, size)) : null;

    private static ByteRange? FromStart(ReadOnlySpan<char> first, ReadOnlySpan<char> last, long size)
    {
        var end = size - 1;
        if (!TryParse(first, out var start) || start >= size || last.Length > 0 && !TryParse(last, out end) || end < start)
        {
            return null;
        }

        return new ByteRange(start, Math.Min(end, size - 1) - start + 1);
    }

    /// <summary>Digits only; a number too large for a <see cref="long"/> is as good as the largest one.</summary>
    private static bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        if (text.Length == 0 || text.ContainsAnyExceptInRange('0', '9'))
        {
            value = 0;
            return false;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            value = long.MaxValue;
        }

        return true;
    }
}
