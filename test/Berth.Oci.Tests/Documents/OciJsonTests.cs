using System.Text.Json;

namespace Berth.Oci.Tests.Documents;

public sealed class OciJsonTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly Digest Empty = Digest.Parse("sha256:" + Hex);

    [Fact]
    public void Errors_are_written_in_order_and_without_what_is_absent() =>
        Assert.Equal(
            """
            {"errors":[{"code":"TAG_INVALID","message":"invalid tag","detail":"a b"},{"code":"UNKNOWN","message":"unknown error"}]}
            """,
            JsonSerializer.Serialize(ErrorBody.Of(OciError.TagInvalid("a b"), OciError.Internal()), OciJson.Wire.ErrorBody));

    [Fact]
    public void A_list_of_tags_is_written_as_the_specification_shows()
    {
        Assert.Equal(
            """{"name":"library/ubuntu","tags":["22.04","latest"]}""",
            JsonSerializer.Serialize(new TagList("library/ubuntu", ["22.04", "latest"]), OciJson.Wire.TagList));
        Assert.Equal("""{"name":"a","tags":[]}""", JsonSerializer.Serialize(new TagList("a", []), OciJson.Wire.TagList));
    }

    [Fact]
    public void A_list_of_repositories_is_written_as_Docker_shows()
    {
        Assert.Equal(
            """{"repositories":["a","b/c"]}""",
            JsonSerializer.Serialize(new RepositoryList(["a", "b/c"]), OciJson.Wire.RepositoryList));
        Assert.Equal("""{"repositories":[]}""", JsonSerializer.Serialize(new RepositoryList([]), OciJson.Wire.RepositoryList));
    }

    [Fact]
    public void Referrers_are_an_image_index() =>
        Assert.Equal(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}
            """,
            JsonSerializer.Serialize(new ReferrerIndex([]), OciJson.Wire.ReferrerIndex));

    [Fact]
    public void A_referrer_carries_its_artifact_type_and_annotations()
    {
        var referrer = new Descriptor
        {
            MediaType = MediaTypes.OciImageManifest,
            Digest = Empty,
            Size = 0,
            ArtifactType = "application/vnd.example.sbom.v1",
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = "2", ["a"] = "1" },
        };

        Assert.Equal(
            $$$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{{{Hex}}}","size":0,
            "artifactType":"application/vnd.example.sbom.v1","annotations":{"b":"2","a":"1"}}]}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(new ReferrerIndex([referrer]), OciJson.Wire.ReferrerIndex));
    }

    [Fact]
    public void A_descriptor_is_written_without_what_is_absent() =>
        Assert.Equal(
            $$"""{"digest":"sha256:{{Hex}}","size":9223372036854775807}""",
            JsonSerializer.Serialize(new Descriptor { Digest = Empty, Size = long.MaxValue }, OciJson.Wire.Descriptor));

    [Fact]
    public void A_platform_is_written_architecture_first()
    {
        var descriptor = new Descriptor { Digest = Empty, Size = 1, Platform = new Platform("linux", "arm64") };

        Assert.Equal(
            $$$"""{"digest":"sha256:{{{Hex}}}","size":1,"platform":{"architecture":"arm64","os":"linux"}}""",
            JsonSerializer.Serialize(descriptor, OciJson.Wire.Descriptor));
    }

    [Fact]
    public void Control_characters_never_reach_the_wire_and_other_text_comes_back_as_it_was()
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["k\n\u0000"] = "</script>\u001b[31m\"\\\u00e9 +" };

        var json = JsonSerializer.Serialize(annotations, OciJson.Wire.IReadOnlyDictionaryStringString);

        Assert.DoesNotContain(json, char.IsControl);
        Assert.Equal(annotations, JsonSerializer.Deserialize(json, OciJson.Wire.IReadOnlyDictionaryStringString));
    }

    [Fact]
    public void A_descriptor_that_was_written_can_be_read()
    {
        var descriptor = new Descriptor
        {
            MediaType = MediaTypes.OciImageManifest,
            Digest = Empty,
            Size = 5,
            ArtifactType = "a/b",
            Platform = new Platform("linux", "arm64"),
        };

        var json = JsonSerializer.Serialize(descriptor, OciJson.Default.Descriptor);

        Assert.Equal(descriptor, JsonSerializer.Deserialize(json, OciJson.Default.Descriptor));
    }
}
