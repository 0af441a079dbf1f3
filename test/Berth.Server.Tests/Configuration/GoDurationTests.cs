using System.Globalization;
using System.Numerics;
using Berth.Server.Configuration;
using CsCheck;

namespace Berth.Server.Tests.Configuration;

public sealed class GoDurationTests
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.Ordinal)
    {
        ["ns"] = 1,
        ["us"] = 1_000,
        ["\u00b5s"] = 1_000,
        ["\u03bcs"] = 1_000,
        ["ms"] = 1_000_000,
        ["s"] = 1_000_000_000,
        ["m"] = 60_000_000_000,
        ["h"] = 3_600_000_000_000,
    };

    [Theory]
    [InlineData("168h", 168 * 3_600_000L)]
    [InlineData("1h30m", 90 * 60_000L)]
    [InlineData("1.5h", 90 * 60_000L)]
    [InlineData("10s", 10_000L)]
    [InlineData("100ms", 100L)]
    [InlineData("-2s", -2_000L)]
    [InlineData("+2s", 2_000L)]
    [InlineData(".5s", 500L)]
    [InlineData("1.s", 1_000L)]
    [InlineData("0", 0L)]
    [InlineData("5000000", 5L)]
    [InlineData("0.1000000000000000000000000000000000000001s", 100L)]
    public void What_Go_accepts_is_a_duration(string text, long milliseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("h")]
    [InlineData(".s")]
    [InlineData("1.5")]
    [InlineData("1d")]
    [InlineData("1 h")]
    [InlineData("1h ")]
    [InlineData("1H")]
    [InlineData("1h30")]
    [InlineData("--1h")]
    [InlineData("1e3s")]
    [InlineData("\u0661h")]
    [InlineData("9223372036854775808ns")]
    [InlineData("9223372036854775808")]
    [InlineData("9223372036s1s")]
    [InlineData("2562048h")]
    [InlineData("99999999999999999999h")]
    [InlineData("168:00:00")]
    public void What_Go_refuses_is_none(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Fact]
    public void A_duration_is_the_sum_of_its_parts_as_exact_arithmetic_has_it() =>
        Gen.Select(Gen.Int[0, 9999], Gen.String[Gen.Char['0', '9'], 0, 20], Gen.OneOf(Units.Keys.ToArray()))
            .Array[1, 6]
            .Sample(parts =>
            {
                BigInteger nanoseconds = 0;
                foreach (var (whole, fraction, unit) in parts)
                {
                    // Go keeps whole nanoseconds of each part; digits after the 18th can change nothing then.
                    var digits = fraction.Length > 18 ? fraction[..18] : fraction;
                    var numerator = BigInteger.Parse($"0{digits}", CultureInfo.InvariantCulture) * Units[unit];
                    nanoseconds += (whole * (BigInteger)Units[unit]) + (numerator / BigInteger.Pow(10, digits.Length));
                }

                var text = string.Concat(parts.Select(part => $"{part.Item1}{(part.Item2.Length > 0 ? "." : "")}{part.Item2}{part.Item3}"));
                Assert.True(GoDuration.TryParse(text, out var duration), text);
                Assert.Equal(nanoseconds / 100, duration.Ticks);
            });

    [Fact]
    public void A_duration_written_out_by_unit_comes_back() =>
        Gen.Long[0, long.MaxValue / 100].Select(TimeSpan.FromTicks).Sample(duration =>
        {
            var text = $"{(long)duration.TotalHours}h{duration.Minutes}m{duration.Seconds}s{duration.Ticks % TimeSpan.TicksPerSecond * 100}ns";
            Assert.True(GoDuration.TryParse(text, out var parsed), text);
            Assert.Equal(duration, parsed);
            Assert.True(GoDuration.TryParse($"-{text}", out var negative));
            Assert.Equal(-duration, negative);
        });

    [Fact]
    public void Whatever_the_text_the_answer_is_yes_or_no() =>
        Gen.String[Gen.Frequency((8, Gen.Char["0123456789.-+hmsnu"]), (1, Gen.Char)), 0, 40]
            .Sample(text => Assert.True(GoDuration.TryParse(text, out var duration) || duration == default));
}
