using CsCheck;

namespace Berth.Oci.Tests.Text;

public sealed class TagTests
{
    private const string First = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    private static readonly Gen<string> Valid = Gen.Select(
        Gen.Char[First], Gen.Char[First + ".-"].Array[0, 127], (first, rest) => first + new string(rest));

    [Fact]
    public void Exactly_what_the_distribution_specification_allows_is_a_tag() =>
        Gen.OneOf(HostileText.Any, HostileText.Near(Valid), Valid)
            .Sample(text => Assert.Equal(Grammar.Tag.IsMatch(text), Tag.TryParse(text, out _)), iter: 20_000);

    [Fact]
    public void A_tag_gives_back_its_text() =>
        Valid.Sample(text =>
        {
            Assert.Equal(text, Tag.Parse(text).Value);
            Assert.Equal(text, Tag.Parse(text).ToString());
        });

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("-a")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("latest\n")]
    [InlineData("\u0442\u0435\u0433")]
    public void Other_text_is_refused_as_TAG_INVALID(string text) =>
        Assert.Equal(OciErrorCode.TagInvalid, Assert.Throws<OciException>(() => Tag.Parse(text)).Error.Code);

    [Fact]
    public void A_tag_has_at_most_128_characters()
    {
        Assert.True(Tag.TryParse(new string('a', 128), out _));
        Assert.False(Tag.TryParse(new string('a', 129), out _));
        Assert.False(Tag.TryParse(new string('a', HostileText.LongLength), out _));
    }

    [Fact]
    public void The_default_is_no_tag_but_can_be_printed()
    {
        Assert.Throws<InvalidOperationException>(() => default(Tag).Value);
        Assert.Equal("(no tag)", default(Tag).ToString());
    }
}
