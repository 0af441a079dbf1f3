namespace Berth.Oci.Tests.Manifests;

/// <summary>What the referrers API needs of a manifest: its subject, artifact type and annotations.</summary>
public sealed class ReferrerTests
{
    private static readonly string Subject = $""","subject":{Json.Descriptor('f', MediaTypes.OciImageManifest)}""";

    [Fact]
    public void The_subject_is_known_but_is_no_reference()
    {
        var image = Json.Parse(Json.Image(more: Subject));
        var index = Json.Parse(Json.Index(more: Subject));

        Assert.Equal(Json.DigestOf('f'), image.Subject?.Digest.Value);
        Assert.Equal(MediaTypes.OciImageManifest, image.Subject?.MediaType);
        Assert.Equal([('a', ReferenceKind.Blob)], Json.Names(image));
        Assert.Equal(Json.DigestOf('f'), index.Subject?.Digest.Value);
        Assert.Empty(index.References);
    }

    [Fact]
    public void A_subject_that_is_also_a_layer_is_demanded_as_one() =>
        Assert.Equal(
            [('a', ReferenceKind.Blob), ('f', ReferenceKind.Blob)],
            Json.Names(Json.Parse(Json.Image($"[{Json.Descriptor('f')}]", Subject))));

    [Fact]
    public void What_the_subject_holds_in_a_member_of_no_standard_is_kept() =>
        Assert.Equal(
            [('a', ReferenceKind.Blob), ('e', ReferenceKind.Undefined)],
            Json.Names(Json.Parse(Json.Image(more: $""","subject":{Json.Descriptor('f', more: $""","x":{Json.Descriptor('e')}""")}"""))));

    [Fact]
    public void A_subject_may_be_null() => Assert.Null(Json.Parse(Json.Image(more: ""","subject":null""")).Subject);

    [Fact]
    public void The_artifact_type_of_an_image_falls_back_to_its_config()
    {
        Assert.Equal("a/own", Json.Parse(Json.Image(more: ""","artifactType":"a/own" """)).ArtifactType);
        Assert.Equal(Json.Config, Json.Parse(Json.Image()).ArtifactType);
        Assert.Equal(Json.Config, Json.Parse(Json.Image(more: ""","artifactType":"" """)).ArtifactType);
        Assert.Equal(Json.Config, Json.Parse(Json.Image(more: ""","artifactType":null""")).ArtifactType);
    }

    [Fact]
    public void Other_manifests_have_only_the_artifact_type_they_give()
    {
        var config = $""","config":{Json.Descriptor('a', Json.Config)}""";

        Assert.Equal("a/own", Json.Parse(Json.Index(more: ""","artifactType":"a/own" """)).ArtifactType);
        Assert.Null(Json.Parse(Json.Index()).ArtifactType);
        Assert.Null(Json.Parse($$"""{"mediaType":"a/unknown"{{config}}}""").ArtifactType);
    }

    [Fact]
    public void Annotations_are_taken_over_with_names_of_any_case()
    {
        var annotations = Json.Parse(Json.Image(more: ""","annotations":{"layers":"1","Layers":"2","\u00e9":"","size":"5"}""")).Annotations;

        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["layers"] = "1", ["Layers"] = "2", ["\u00e9"] = "", ["size"] = "5" },
            annotations);
        Assert.Null(Json.Parse(Json.Image()).Annotations);
        Assert.Null(Json.Parse(Json.Image(more: ""","annotations":null""")).Annotations);
        Assert.Empty(Json.Parse(Json.Image(more: ""","annotations":{}""")).Annotations!);
    }

    [Fact]
    public void An_entry_of_a_fallback_index_keeps_its_artifact_type_and_annotations()
    {
        var entry = Json.Descriptor('b', MediaTypes.OciImageManifest, ""","artifactType":"a/b","annotations":{"k":"v"}""");

        var descriptor = Assert.Single(Json.Parse(Json.Index($"[{entry}]")).References).Descriptor;

        Assert.Equal("a/b", descriptor.ArtifactType);
        Assert.Equal("v", descriptor.Annotations?["k"]);
    }
}
