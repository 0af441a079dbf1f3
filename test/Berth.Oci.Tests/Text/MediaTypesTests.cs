using CsCheck;

namespace Berth.Oci.Tests.Text;

public sealed class MediaTypesTests
{
    private static readonly Gen<string> Valid = Gen.OneOf(
        Gen.OneOf(
            MediaTypes.OciImageManifest, MediaTypes.DockerManifestList, "text/plain", "a/b", "application/vnd.Foo+json", "x/!", "!/x"),
        Gen.Select(
            Gen.Char["aZ9.+-_"].Array[1, 128],
            Gen.Char["aZ9!#$&^"].Array[1, 128],
            (type, subtype) => $"{new string(type)}/{new string(subtype)}"));

    [Fact]
    public void Exactly_what_RFC_6838_allows_is_well_formed() =>
        Gen.OneOf(HostileText.Any, HostileText.Near(Valid), Valid)
            .Sample(text => Assert.Equal(Grammar.MediaType.IsMatch(text), MediaTypes.IsWellFormed(text)), iter: 20_000);

    [Theory]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar")]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd")]
    public void Foreign_layers_are_known(string mediaType) => Assert.True(MediaTypes.IsForeignLayer(mediaType));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("application/vnd.oci.image.layer.v1.tar")]
    [InlineData("application/vnd.docker.image.rootfs.diff.tar.gzip")]
    [InlineData("application/vnd.oci.image.layer.NonDistributable.v1.tar")]
    public void Other_layers_are_demanded(string? mediaType) => Assert.False(MediaTypes.IsForeignLayer(mediaType));
}
