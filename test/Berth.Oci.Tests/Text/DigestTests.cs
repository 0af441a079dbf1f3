using System.Text.Json;
using CsCheck;

namespace Berth.Oci.Tests.Text;

public sealed class DigestTests
{
    private static readonly Gen<string> Valid = Gen.OneOf(
        Gen.Char["0123456789abcdef"].Array[64].Select(hex => "sha256:" + new string(hex)),
        Gen.Char["0123456789abcdef"].Array[128].Select(hex => "sha512:" + new string(hex)));

    [Fact]
    public void The_digest_of_nothing_is_the_well_known_one()
    {
        Assert.Equal(
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            Digest.Of([], DigestAlgorithm.Sha256).Value);
        Assert.Equal(
            "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
            Digest.Of([], DigestAlgorithm.Sha512).Value);
    }

    [Fact]
    public void Exactly_what_the_image_specification_registers_is_a_digest() =>
        Gen.OneOf(HostileText.Any, HostileText.Near(Valid), Valid)
            .Sample(text => Assert.Equal(Grammar.Digest.IsMatch(text), Digest.TryParse(text, out _)), iter: 20_000);

    [Fact]
    public void A_digest_gives_back_its_text_and_its_parts() =>
        Valid.Sample(text =>
        {
            var digest = Digest.Parse(text);
            Assert.Equal(text, digest.Value);
            Assert.Equal(text, digest.ToString());
            Assert.Equal(text, $"{digest.Algorithm.Name}:{digest.Hex}");
            Assert.Equal(digest, Digest.FromHash(digest.Algorithm, Convert.FromHexString(digest.Hex)));
        });

    [Theory]
    [InlineData("")]
    [InlineData("sha256")]
    [InlineData("sha256:")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha384:38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b")]
    [InlineData("sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564")]
    public void What_is_no_digest_is_refused_as_DIGEST_INVALID(string text) =>
        Assert.Equal(OciErrorCode.DigestInvalid, Assert.Throws<OciException>(() => Digest.Parse(text)).Error.Code);

    [Fact]
    public void A_hash_of_another_length_is_a_mistake_of_ours() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Digest.FromHash(DigestAlgorithm.Sha512, new byte[32]));

    [Fact]
    public void Very_long_text_is_read_to_its_end_and_refused()
    {
        Assert.False(Digest.TryParse("sha256:" + new string('a', HostileText.LongLength), out _));
        Assert.False(Digest.TryParse(new string('a', HostileText.LongLength) + ":a", out _));
        Assert.False(Digest.TryParse(new string(':', HostileText.LongLength), out _));
    }

    [Fact]
    public void The_default_is_no_digest_but_can_be_printed()
    {
        Assert.Throws<InvalidOperationException>(() => default(Digest).Value);
        Assert.Equal("(no digest)", default(Digest).ToString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("\"sha256:abc\"")]
    [InlineData("\"\\ud800\"")]
    public void JSON_that_is_no_digest_is_an_error_of_JSON(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($$"""{"digest":{{json}},"size":1}""", OciJson.Default.Descriptor));
}
