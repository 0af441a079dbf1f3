using System.Text;

namespace Berth.Oci.Tests.Manifests;

/// <summary>What the kinds of manifests name, and how strongly they demand it.</summary>
public sealed class ManifestKindTests
{
    [Theory]
    [InlineData(MediaTypes.OciImageManifest)]
    [InlineData(MediaTypes.DockerManifest)]
    public void An_image_demands_its_config_and_its_layers(string mediaType)
    {
        var manifest = Json.Parse($$"""
            {
              "schemaVersion": 2,
              "mediaType": "{{mediaType}}",
              "config": {{Json.Descriptor('a', Json.Config)}},
              "layers": [{{Json.Descriptor('b')}}, {{Json.Descriptor('c')}}]
            }
            """);

        Assert.Equal(mediaType, manifest.MediaType);
        Assert.Equal([('a', ReferenceKind.Blob), ('b', ReferenceKind.Blob), ('c', ReferenceKind.Blob)], Json.Names(manifest));
    }

    [Theory]
    [InlineData(MediaTypes.OciImageIndex)]
    [InlineData(MediaTypes.DockerManifestList)]
    public void An_index_demands_its_children_as_manifests(string mediaType)
    {
        var manifest = Json.Parse($$"""
            {
              "schemaVersion": 2,
              "mediaType": "{{mediaType}}",
              "manifests": [
                {{Json.Descriptor('a', MediaTypes.OciImageManifest)}},
                {{Json.Descriptor('b', MediaTypes.OciImageIndex)}},
                {{Json.Descriptor('c', MediaTypes.DockerManifest)}},
                {{Json.Descriptor('d', MediaTypes.DockerManifestList)}},
                {{Json.Descriptor('e', MediaTypes.OciArtifactManifest)}}
              ]
            }
            """);

        Assert.Equal(mediaType, manifest.MediaType);
        Assert.Equal("abcde".Select(digit => (digit, ReferenceKind.Manifest)), Json.Names(manifest));
    }

    [Fact]
    public void The_withdrawn_artifact_manifest_demands_its_blobs_and_has_no_schema_version()
    {
        var manifest = Json.Parse($$"""
            {
              "mediaType": "{{MediaTypes.OciArtifactManifest}}",
              "artifactType": "application/vnd.example.sbom.v1",
              "blobs": [{{Json.Descriptor('a')}}],
              "subject": {{Json.Descriptor('b', MediaTypes.OciImageManifest)}}
            }
            """);

        Assert.Equal([('a', ReferenceKind.Blob)], Json.Names(manifest));
        Assert.Equal("application/vnd.example.sbom.v1", manifest.ArtifactType);
        Assert.Equal(Json.DigestOf('b'), manifest.Subject?.Digest.Value);
    }

    [Fact]
    public void A_build_cache_may_list_blobs_or_manifests() =>
        Assert.Equal(
            [('a', ReferenceKind.Either), ('b', ReferenceKind.Either), ('c', ReferenceKind.Manifest), ('d', ReferenceKind.Either)],
            Json.Names(Json.Parse(Json.Index($$"""
                [
                  {{Json.Descriptor('a')}},
                  {{Json.Descriptor('b', "application/vnd.buildkit.cacheconfig.v0")}},
                  {{Json.Descriptor('c', MediaTypes.OciImageManifest)}},
                  {"digest": "{{Json.DigestOf('d')}}", "size": 1}
                ]
                """))));

    [Theory]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    public void A_foreign_layer_is_named_but_not_demanded(string mediaType) =>
        Assert.Equal(
            [('a', ReferenceKind.Blob), ('b', ReferenceKind.Foreign)],
            Json.Names(Json.Parse(Json.Image($"""[{Json.Descriptor('b', mediaType, ""","urls":["https://example.com/layer"]""")}]"""))));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    public void An_empty_list_may_be_null_as_Go_writes_it(string list)
    {
        Assert.Equal([('a', ReferenceKind.Blob)], Json.Names(Json.Parse(Json.Image(list))));
        Assert.Empty(Json.Parse(Json.Index(list)).References);
        Assert.Empty(Json.Parse($$"""{"mediaType":"{{MediaTypes.OciArtifactManifest}}","blobs":{{list}}}""").References);
    }

    [Fact]
    public void Layers_and_blobs_may_be_absent()
    {
        Assert.Equal(
            [('a', ReferenceKind.Blob)],
            Json.Names(Json.Parse($$"""{"schemaVersion":2,"config":{{Json.Descriptor('a')}}}""", MediaTypes.DockerManifest)));
        Assert.Empty(Json.Parse("{}", MediaTypes.OciArtifactManifest).References);
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar", Json.Layer)]
    [InlineData(Json.Layer, "application/vnd.oci.image.layer.nondistributable.v1.tar")]
    public void A_layer_that_is_named_as_foreign_too_is_still_demanded(string first, string second)
    {
        var manifest = Json.Parse(Json.Image($"[{Json.Descriptor('b', first)},{Json.Descriptor('b', second)}]"));

        Assert.Equal([('a', ReferenceKind.Blob), ('b', ReferenceKind.Blob)], Json.Names(manifest));
        Assert.Equal(Json.Layer, manifest.References[1].Descriptor.MediaType);
    }

    [Fact]
    public void A_config_that_is_a_foreign_layer_too_is_still_demanded() =>
        Assert.Equal(
            [('a', ReferenceKind.Blob)],
            Json.Names(Json.Parse(Json.Image($"[{Json.Descriptor('a', "application/vnd.oci.image.layer.nondistributable.v1.tar")}]"))));

    [Theory]
    [InlineData(Json.Layer, MediaTypes.OciImageManifest)]
    [InlineData(MediaTypes.OciImageManifest, Json.Layer)]
    public void A_child_that_is_named_as_a_manifest_once_is_demanded_as_one(string first, string second) =>
        Assert.Equal(
            [('b', ReferenceKind.Manifest)],
            Json.Names(Json.Parse(Json.Index($"[{Json.Descriptor('b', first)},{Json.Descriptor('b', second)}]"))));

    [Theory]
    [InlineData("""{"x":§,"config":§,"layers":[§],"schemaVersion":2}""")]
    [InlineData("""{"schemaVersion":2,"layers":[§],"config":§,"x":{"y":[§]}}""")]
    public void A_demand_is_not_lost_behind_the_same_digest_in_a_member_of_no_standard(string json)
    {
        var manifest = Json.Parse(json.Replace("§", Json.Descriptor('a'), StringComparison.Ordinal), MediaTypes.OciImageManifest);

        Assert.Equal([('a', ReferenceKind.Blob)], Json.Names(manifest));
    }

    [Fact]
    public void A_child_keeps_every_platform_it_is_named_for()
    {
        string Entry(string architecture) =>
            Json.Descriptor('a', MediaTypes.OciImageManifest, $$""","platform":{"os":"linux","architecture":"{{architecture}}"}""");

        var reference = Assert.Single(Json.Parse(Json.Index($"[{Entry("arm64")},{Entry("amd64")},{Entry("arm64")}]")).References);

        Assert.Equal(new HashSet<Platform> { new("linux", "arm64"), new("linux", "amd64") }, reference.Platforms);
        Assert.Equal(new Platform("linux", "arm64"), reference.Descriptor.Platform);
    }

    [Fact]
    public void Two_sizes_of_one_digest_are_refused() =>
        Assert.Equal(
            "two descriptors give one digest different sizes",
            Json.Refuse(Json.Image($$"""[{"digest":"{{Json.DigestOf('a')}}","size":2}]""")).Detail);

    [Fact]
    public void The_bytes_are_kept_as_they_are()
    {
        var content = Encoding.UTF8.GetBytes(Json.Image(more: ""","x":"\u00e9 \\u00e9" """));

        Assert.True(content.AsSpan().SequenceEqual(Manifest.Parse(content, null).Content.Span));
    }

    [Fact]
    public void Embedded_data_is_not_looked_into()
    {
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes(Json.Descriptor('f')));

        Assert.Equal(
            [('a', ReferenceKind.Blob), ('b', ReferenceKind.Blob)],
            Json.Names(Json.Parse(Json.Image($"""[{Json.Descriptor('b', more: $""","data":"{data}" """)}]"""))));
    }
}
