using System.Text.Json.Nodes;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Main;

/// <summary>The suite's sets of content.</summary>
internal static class ContentSets
{
    private const string Type1 = "application/vnd.example.oci.conformance.v1";
    private const string Type2 = "application/vnd.example.oci.conformance.v2";

    private static readonly ContentShape Image = new();

    private static readonly Dictionary<string, string> Hello = new() { ["org.opencontainers.conformance"] = "hello conformance test" };

    /// <summary>The sets that every registry takes.</summary>
    public static Dictionary<string, Func<ContentSet>> Default { get; } = new()
    {
        ["image"] = () => WithImage(Image, "image"),
        ["image-uncompressed"] = () => WithImage(new ContentShape { LayerType = ContentShape.PlainLayer }, "image-uncompressed"),
        ["large-manifest"] = LargeManifest,
        ["index"] = () => WithIndex(Image, "index"),
        ["nested-index"] = NestedIndex,
        ["empty-index"] = () => WithIndex(new ContentShape { Architectures = [] }, "index"),
        ["artifact"] = () => WithImage(ContentShape.Artifact(Type1), "artifact"),
        ["artifact-index"] = () => WithIndex(ContentShape.Artifact(Type1), "artifact-index"),
        ["artifact-without-layers"] = () => WithImage(
            ContentShape.Artifact(Type1, ContentShape.EmptyObject) with { LayerContent = "{}"u8.ToArray() }, "artifact-without-layers"),
        ["artifacts-with-subject"] = ArtifactsWithSubject,
        ["index-with-subject"] = IndexWithSubject,
        ["missing-subject"] = MissingSubject,
        ["data-field"] = () => WithImage(new ContentShape { HasData = true }, "data-field"),
        ["non-distributable-layers"] = NonDistributableLayers,
        ["custom-fields"] = () => WithIndex(new ContentShape { HasCustomField = true }, "custom-fields"),
        ["no-layers"] = () => WithImage(new ContentShape { LayerCount = 0 }, "no-layers"),
        ["sha512"] = () => WithIndex(new ContentShape { Algorithm = DigestAlgorithm.Sha512 }, tag: null),
        ["tag-param-sha256"] = () => TagParameters(DigestAlgorithm.Sha256),
        ["tag-param-sha512"] = () => TagParameters(DigestAlgorithm.Sha512),
        ["bad-digest-image"] = BadDigestImage,
    };

    /// <summary>An image without one of its layers, and an index without one of its children.</summary>
    public static ContentSet Sparse()
    {
        var set = WithImage(Image, "sparse-image");
        set.Blobs.Remove(set.Blobs.Keys.First());
        var missing = ContentSet.Describe(RegistryClient.RandomBytes(1024), MediaTypes.OciImageManifest, Image);
        set.AddIndex(
            [ContentSet.OnPlatform(set.AddImage(Image), "amd64"), ContentSet.OnPlatform(missing, "arm64")], Image, "sparse-index");
        return set;
    }

    private static ContentSet WithImage(ContentShape shape, string tag)
    {
        var set = new ContentSet();
        set.AddImage(shape, tag);
        return set;
    }

    private static ContentSet WithIndex(ContentShape shape, string? tag)
    {
        var set = new ContentSet();
        set.AddIndex(shape, tag);
        return set;
    }

    private static ContentSet LargeManifest()
    {
        var annotations = Enumerable.Range(0, 390).ToDictionary(number => $"large-annotation-{number}", _ => new string('A', 10_000));
        return WithImage(new ContentShape { Annotations = annotations }, "large-manifest");
    }

    private static ContentSet NestedIndex()
    {
        var set = new ContentSet();
        set.AddIndex([set.AddIndex(Image), set.AddIndex(Image)], Image, "index-of-index");
        return set;
    }

    private static ContentSet ArtifactsWithSubject()
    {
        var set = new ContentSet();
        var subject = set.AddImage(Image, "image");
        set.AddImage(new ContentShape { Subject = subject });
        set.AddImage(Refer(ContentShape.Artifact(Type1), subject), "tagged-artifact1");
        set.AddImage(Refer(ContentShape.Artifact(Type2, MediaTypes.OctetStream), subject), "tagged-artifact2");
        return set;
    }

    private static ContentSet IndexWithSubject()
    {
        var set = new ContentSet();
        var subject = set.AddIndex(Image, "index");
        set.AddIndex(Refer(ContentShape.Artifact(Type1), subject), "tagged-artifact");
        return set;
    }

    private static ContentSet MissingSubject()
    {
        var subject = new JsonObject
        {
            ["mediaType"] = MediaTypes.OciImageManifest,
            ["digest"] = Digest.Of("missing content"u8, DigestAlgorithm.Sha256).Value,
            ["size"] = 123,
        };
        return WithImage(Refer(ContentShape.Artifact(Type1), subject), "tagged-artifact");
    }

    private static ContentShape Refer(ContentShape artifact, JsonObject subject) =>
        artifact with { Subject = subject, Annotations = Hello, IsUnique = true };

    /// <summary>Two layers that are somewhere else, and one that is here.</summary>
    private static ContentSet NonDistributableLayers()
    {
        var set = new ContentSet();
        var layer = set.AddBlob(RegistryClient.RandomBytes(1024), ContentShape.GzipLayer, Image);
        var config = set.AddBlob("""{"architecture":"amd64","os":"linux"}"""u8.ToArray(), ContentShape.ImageConfig, Image);
        set.AddManifest(config, [Elsewhere("tar+gzip", 123456), Elsewhere("tar", 12345), layer], Image, "non-distributable-image");
        return set;

        static JsonObject Elsewhere(string suffix, int size)
        {
            var type = $"application/vnd.oci.image.layer.nondistributable.v1.{suffix}";
            var descriptor = ContentSet.Describe(RegistryClient.RandomBytes(256), type, Image);
            descriptor["size"] = size;
            descriptor["urls"] = new JsonArray($"https://store.example.com/blobs/sha256/{ContentSet.DigestOf(descriptor).Hex}");
            return descriptor;
        }
    }

    /// <summary>An index under two tags and its children under one each.</summary>
    private static ContentSet TagParameters(DigestAlgorithm algorithm)
    {
        var name = $"tag-param-{algorithm.Name}";
        var set = new ContentSet { HasTagParameters = true };
        set.AddIndex(new ContentShape { Algorithm = algorithm }, name);
        foreach (var (number, (digest, _)) in set.Manifests.Index())
        {
            set.Tags[$"{name}-{number}"] = digest;
        }

        return set;
    }

    private static ContentSet BadDigestImage()
    {
        var set = new ContentSet { IsDigestWrong = true };
        set.AddImage(Image);
        set.Manifests[0] = (set.Manifests[0].Digest, [.. set.Manifests[0].Content, .. "  "u8]);
        return set;
    }
}
