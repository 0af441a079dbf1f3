using CsCheck;

namespace Berth.Oci.Tests.Text;

public sealed class RepositoryNameTests
{
    private static readonly Gen<string> Run = Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789"].Array[1, 8].Select(run => new string(run));

    private static readonly Gen<string> Component = Gen.Select(
        Run,
        Gen.Select(Gen.OneOf(".", "_", "__", "-", "--", "-----"), Run, string.Concat).Array[0, 3],
        (first, rest) => first + string.Concat(rest));

    private static readonly Gen<string> Valid = Component.Array[1, 6].Select(components => string.Join('/', components))
        .Where(name => name.Length <= RepositoryName.MaxLength);

    [Fact]
    public void Exactly_what_the_distribution_specification_allows_is_a_name() =>
        Gen.OneOf(HostileText.Any, HostileText.Near(Valid), Valid)
            .Sample(
                text => Assert.Equal(
                    text.Length <= RepositoryName.MaxLength && Grammar.RepositoryName.IsMatch(text),
                    RepositoryName.TryParse(text, out _)),
                iter: 20_000);

    [Fact]
    public void A_name_gives_back_its_text() =>
        Valid.Sample(text =>
        {
            Assert.Equal(text, RepositoryName.Parse(text).Value);
            Assert.Equal(text, RepositoryName.Parse(text).ToString());
        });

    // SEC-40: no name can leave a folder, hide in one, or mean two things after decoding.
    [Fact]
    public void A_name_is_made_of_path_segments_that_begin_and_end_with_a_letter_or_digit() =>
        Gen.OneOf(HostileText.Any, HostileText.Near(Valid))
            .Where(text => RepositoryName.TryParse(text, out _))
            .Sample(text => Assert.All(text.Split('/'), segment =>
            {
                Assert.True(char.IsAsciiLetterOrDigit(segment[0]) && char.IsAsciiLetterOrDigit(segment[^1]));
                Assert.DoesNotContain("..", segment, StringComparison.Ordinal);
            }));

    [Theory]
    [InlineData("a")]
    [InlineData("library/ubuntu")]
    [InlineData("a__b")]
    [InlineData("a---b")]
    [InlineData("uploads/blobs/manifests")]
    [InlineData("con/nul.x")]
    public void Names_of_the_specification_are_accepted(string text) => Assert.Equal(text, RepositoryName.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("..")]
    [InlineData("A")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a-.b")]
    [InlineData("_catalog")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a%2fb")]
    [InlineData("a\\b")]
    [InlineData("a\n")]
    [InlineData("a:b")]
    [InlineData("\u0430")]
    public void Other_names_are_refused_as_NAME_INVALID(string text) =>
        Assert.Equal(OciErrorCode.NameInvalid, Assert.Throws<OciException>(() => RepositoryName.Parse(text)).Error.Code);

    [Fact]
    public void A_name_has_at_most_255_characters()
    {
        Assert.True(RepositoryName.TryParse(new string('a', 255), out _));
        Assert.False(RepositoryName.TryParse(new string('a', 256), out _));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("-")]
    [InlineData("a-")]
    [InlineData("a/")]
    [InlineData("a_")]
    public void Very_long_text_is_refused(string piece) =>
        Assert.False(RepositoryName.TryParse(string.Concat(Enumerable.Repeat(piece, HostileText.LongLength / piece.Length)) + "!", out _));

    [Fact]
    public void The_default_is_no_name_but_can_be_printed()
    {
        Assert.Throws<InvalidOperationException>(() => default(RepositoryName).Value);
        Assert.Equal("(no name)", default(RepositoryName).ToString());
    }
}
