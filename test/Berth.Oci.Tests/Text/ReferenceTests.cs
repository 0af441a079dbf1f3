using CsCheck;

namespace Berth.Oci.Tests.Text;

public sealed class ReferenceTests
{
    private const string DigestText = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void A_reference_is_a_tag_or_a_digest()
    {
        var tag = Reference.Parse("latest");
        Assert.Equal((Tag.Parse("latest"), null), (tag.Tag, tag.Digest));
        Assert.Equal("latest", tag.ToString());

        var digest = Reference.Parse(DigestText);
        Assert.Equal((null, Digest.Parse(DigestText)), (digest.Tag, digest.Digest));
        Assert.Equal(DigestText, digest.ToString());
    }

    [Fact]
    public void What_is_made_from_a_tag_or_digest_equals_what_is_parsed()
    {
        Assert.Equal<Reference>(Tag.Parse("latest"), Reference.Parse("latest"));
        Assert.Equal<Reference>(Digest.Parse(DigestText), Reference.Parse(DigestText));
    }

    [Theory]
    [InlineData("sha256:abc", OciErrorCode.DigestInvalid)]
    [InlineData(":", OciErrorCode.DigestInvalid)]
    [InlineData("a b", OciErrorCode.TagInvalid)]
    [InlineData("", OciErrorCode.TagInvalid)]
    public void A_colon_decides_which_of_both_is_refused(string text, OciErrorCode code) =>
        Assert.Equal(code, Assert.Throws<OciException>(() => Reference.Parse(text)).Error.Code);

    [Fact]
    public void Exactly_the_tags_and_the_digests_are_references() =>
        Gen.OneOf(HostileText.Any, HostileText.Near(Gen.OneOf("latest", "v1.0", DigestText))).Sample(
            text => Assert.Equal(
                Grammar.Tag.IsMatch(text) || Grammar.Digest.IsMatch(text),
                Record.Exception(() => Reference.Parse(text)) is null),
            iter: 2_000);

    [Fact]
    public void The_default_is_no_reference_but_can_be_printed() => Assert.Equal("(no reference)", default(Reference).ToString());
}
