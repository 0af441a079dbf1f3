namespace Berth.Oci.Tests.Manifests;

/// <summary>D11: collection must not eat what the specification does not define, so every digest in a manifest is recorded.</summary>
public sealed class UndefinedReferenceTests
{
    [Fact]
    public void A_manifest_of_an_unknown_type_is_taken_and_what_it_names_is_kept()
    {
        var manifest = Json.Parse(
            $$"""
            {
              "schemaVersion": 7,
              "config": {{Json.Descriptor('a')}},
              "layers": [{{Json.Descriptor('b')}}],
              "manifests": [{{Json.Descriptor('c', MediaTypes.OciImageManifest)}}],
              "deep": [[{"er": {{Json.Descriptor('d')}}}]],
              "subject": {{Json.Descriptor('f', MediaTypes.OciImageManifest)}},
              "artifactType": "a/b",
              "annotations": {"k": "v"}
            }
            """,
            "application/vnd.example.thing.v1+json");

        Assert.Equal("application/vnd.example.thing.v1+json", manifest.MediaType);
        Assert.Equal("abcd".Select(digit => (digit, ReferenceKind.Undefined)), Json.Names(manifest));
        Assert.Equal(Json.DigestOf('f'), manifest.Subject?.Digest.Value);
        Assert.Equal("a/b", manifest.ArtifactType);
        Assert.Equal("v", manifest.Annotations?["k"]);
    }

    [Theory]
    [InlineData("""{"mediaType":"a/b","digest":"§"}""", 0)]
    [InlineData("""{"digest":"§","size":5}""", 5)]
    [InlineData("""{"digest":"§","size":5.0}""", 0)]
    [InlineData("""{"digest":"§"}""", 0)]
    [InlineData("""{"Digest":"§","Size":5,"MediaType":"a/b"}""", 0)]
    [InlineData("""{"dige\u017ft":"§"}""", 0)]
    [InlineData("""{"d\u0069gest":"§"}""", 0)]
    [InlineData("""{"fsLayers":[{"blobSum":"§"}]}""", 0)]
    [InlineData("""[[{"digest":"§","size":5}]]""", 5)]
    public void A_digest_in_a_member_of_no_standard_is_kept(string value, long size)
    {
        var json = value.Replace("§", Json.DigestOf('b'), StringComparison.Ordinal);

        string[] documents = [Json.Image(more: $""","x":{json}"""), Json.Image($"[{Json.Descriptor('c', more: $""","x":{json}""")}]")];
        Assert.All(documents, document =>
        {
            var kept = Assert.Single(Json.Parse(document).References, reference => reference.Kind == ReferenceKind.Undefined);
            Assert.Equal((Json.DigestOf('b'), size), (kept.Descriptor.Digest.Value, kept.Descriptor.Size));
        });
    }

    [Theory]
    [InlineData("""{"digest":"sha256:abc","size":5}""")]
    [InlineData("""{"digest":5,"size":5}""")]
    [InlineData("""{"digest":null}""")]
    [InlineData("""{"digest":{"sha256":"abc"}}""")]
    [InlineData("\"§\"")]
    public void What_is_no_digest_there_is_ignored(string value) =>
        Assert.Equal([('a', ReferenceKind.Blob)], Json.Names(Json.Parse(Json.Image(more: $""","x":{value}"""))));
}
