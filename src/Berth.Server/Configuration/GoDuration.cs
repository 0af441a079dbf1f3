using System.Globalization;

namespace Berth.Server.Configuration;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>168h</c>, <c>100ms</c>; a bare integer is nanoseconds.</summary>
/// <remarks>The grammar of Go's <c>time.ParseDuration</c>. Parts of 100 nanoseconds are cut off; more than 292 years do not fit.</remarks>
internal static class GoDuration
{
    /// <summary>More digits of a fraction change nothing: the smallest unit is a nanosecond.</summary>
    private const int MaxFractionDigits = 18;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var isNegative = text.StartsWith('-');
        var rest = text.AsSpan(isNegative || text.StartsWith('+') ? 1 : 0);
        if (!TryParseNanoseconds(rest, out var nanoseconds))
        {
            return false;
        }

        duration = new TimeSpan((isNegative ? -nanoseconds : nanoseconds) / TimeSpan.NanosecondsPerTick);
        return true;
    }

    private static bool TryParseNanoseconds(ReadOnlySpan<char> text, out long nanoseconds)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out nanoseconds))
        {
            return true;
        }

        Int128 sum = 0;
        var position = 0;
        while (position < text.Length)
        {
            if (!TryReadPart(text, ref position, out var part) || (sum += part) > long.MaxValue)
            {
                return false;
            }
        }

        nanoseconds = (long)sum;
        return text.Length > 0;
    }

    /// <summary>One number with its unit.</summary>
    private static bool TryReadPart(ReadOnlySpan<char> text, ref int position, out Int128 nanoseconds)
    {
        nanoseconds = 0;
        var whole = Digits(text[position..]);
        position += whole.Length;
        var fraction = ReadOnlySpan<char>.Empty;
        if (text[position..].StartsWith('.'))
        {
            fraction = Digits(text[(position + 1)..]);
            position += 1 + fraction.Length;
        }

        var unit = Unit(text[position..]);
        position += unit.Length;
        if (whole.Length + fraction.Length == 0
            || Nanoseconds(unit) is not { } scale
            || !long.TryParse(whole.IsEmpty ? "0" : whole, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        Int128 numerator = 0;
        Int128 denominator = 1;
        foreach (var digit in fraction[..Math.Min(fraction.Length, MaxFractionDigits)])
        {
            numerator = (numerator * 10) + (digit - '0');
            denominator *= 10;
        }

        nanoseconds = ((Int128)count * scale) + (numerator * scale / denominator);
        return true;
    }

    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? text[..end] : text;

    private static ReadOnlySpan<char> Unit(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && text[end] != '.' && !char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return text[..end];
    }

    private static long? Nanoseconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "\u00b5s" or "\u03bcs" => 1_000, // the micro sign and the Greek letter
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => null,
    };
}
