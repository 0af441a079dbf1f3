using System.Globalization;
using System.Numerics;
using CsCheck;

namespace Berth.Oci.Tests.Text;

public sealed class ContentRangeTests
{
    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.Long[0, 100].Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Long[0, long.MaxValue].Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.OneOf(
            "00", "0000000000000000000000000000001", "9223372036854775806", "9223372036854775807", "9223372036854775808",
            "99999999999999999999"));

    private static readonly Gen<string> Written = Gen.Select(Number, Number, (start, end) => $"{start}-{end}");

    [Fact]
    public void Exactly_the_ranges_of_the_specification_that_fit_a_long_are_accepted() =>
        Gen.OneOf(HostileText.Any, HostileText.Near(Written), Written)
            .Sample(text => Assert.Equal(Expected(text), ContentRange.TryParse(text, out var range) ? range : null), iter: 20_000);

    [Theory]
    [InlineData("0-0", 1)]
    [InlineData("0-1023", 1024)]
    [InlineData("10-19", 10)]
    [InlineData("0-9223372036854775806", long.MaxValue)]
    public void Both_ends_are_part_of_the_range(string text, long length)
    {
        Assert.True(ContentRange.TryParse(text, out var range));
        Assert.Equal(length, range.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("5")]
    [InlineData("5-4")]
    [InlineData("-5")]
    [InlineData("5-")]
    [InlineData("0-5\n")]
    [InlineData("0-5\0")]
    [InlineData("+0-5")]
    [InlineData(" 0-5")]
    [InlineData("0-1e3")]
    [InlineData("0-5-6")]
    [InlineData("0-\u0665")]
    [InlineData("bytes 0-5/6")]
    [InlineData("bytes=0-5")]
    [InlineData("0-9223372036854775807")]
    public void Other_text_is_no_range(string text) => Assert.False(ContentRange.TryParse(text, out _));

    [Fact]
    public void Very_long_text_is_read_to_its_end()
    {
        Assert.True(ContentRange.TryParse(new string('0', HostileText.LongLength) + "-1", out _));
        Assert.False(ContentRange.TryParse("0-" + new string('9', HostileText.LongLength), out _));
        Assert.False(ContentRange.TryParse(new string('-', HostileText.LongLength), out _));
    }

    private static ContentRange? Expected(string text)
    {
        if (!Grammar.ContentRange.IsMatch(text))
        {
            return null;
        }

        var ends = text.Split('-').Select(end => BigInteger.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return ends[0] <= ends[1] && ends[1] < long.MaxValue ? new ContentRange((long)ends[0], (long)ends[1]) : null;
    }
}
