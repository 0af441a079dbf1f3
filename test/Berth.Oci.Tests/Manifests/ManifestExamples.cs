namespace Berth.Oci.Tests.Manifests;

/// <summary>Valid manifests of every kind, for tests that bend them.</summary>
internal static class ManifestExamples
{
    private const string ForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

    private static readonly string Subject = $""","subject":{Json.Descriptor('e', MediaTypes.OciImageManifest)}""";

    public static readonly string[] All =
    [
        Json.Image(
            $"""[{Json.Descriptor('b')},{Json.Descriptor('c', more: ""","annotations":{"k":"v"},"data":"AA==" """)}]""",
            Subject + ""","artifactType":"a/b","annotations":{"org.opencontainers.image.created":"2026-01-01T00:00:00Z"}"""),
        Json.Index(
            $$"""
            [
              {{Json.Descriptor('b', MediaTypes.OciImageManifest, ""","platform":{"architecture":"arm64","os":"linux"}""")}},
              {{Json.Descriptor('c', MediaTypes.OciImageIndex)}},
              {{Json.Descriptor('d')}}
            ]
            """,
            Subject),
        $$"""
        {
          "schemaVersion": 2,
          "mediaType": "{{MediaTypes.DockerManifest}}",
          "config": {{Json.Descriptor('a', "application/vnd.docker.container.image.v1+json")}},
          "layers": [{{Json.Descriptor('b', ForeignLayer, ""","urls":["https://example.com/\u00e9"]""")}}]
        }
        """,
        $$"""
        {
          "schemaVersion": 2,
          "mediaType": "{{MediaTypes.DockerManifestList}}",
          "manifests": [{{Json.Descriptor('b', MediaTypes.DockerManifest)}}]
        }
        """,
        $$"""{"mediaType":"{{MediaTypes.OciArtifactManifest}}","artifactType":"a/b","blobs":[{{Json.Descriptor('b')}}]{{Subject}}}""",
        $$"""{"schemaVersion":2,"config":{{Json.Descriptor('a')}},"layers":[{{Json.Descriptor('b')}}]}""",
        $$"""{"schemaVersion":2,"manifests":[{{Json.Descriptor('b', MediaTypes.OciImageManifest)}}]}""",
        $$"""{"mediaType":"a/unknown","x":[{{Json.Descriptor('b')}}],"y":{"Digest":"{{Json.DigestOf('c')}}"}{{Subject}}}""",
    ];
}
