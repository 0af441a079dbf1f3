using System.Text;

namespace Berth.Safety.Tests.Load;

/// <summary>A manifest and what it needs: blobs, or for an index other manifests.</summary>
public sealed record Image(Content Manifest, string MediaType, IReadOnlyList<Content> Blobs, IReadOnlyList<Image> Children)
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    public string Digest => Manifest.Digest;

    public static Image Of(IReadOnlyList<Content> blobs, bool isSha512 = false)
    {
        var layers = string.Join(',', blobs.Skip(1).Select(layer => Descriptor("application/vnd.oci.image.layer.v1.tar", layer)));
        return new Image(
            Json($$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{{Descriptor("application/vnd.oci.image.config.v1+json", blobs[0])}},"layers":[{{layers}}]}""", isSha512),
            ManifestType, blobs, []);
    }

    public static Image IndexOf(IReadOnlyList<Image> children) => new(
        Json($$"""{"schemaVersion":2,"mediaType":"{{IndexType}}","manifests":[{{string.Join(',', children.Select(child => Descriptor(child.MediaType, child.Manifest)))}}]}""", isSha512: false),
        IndexType, [], children);

    private static Content Json(string text, bool isSha512) => new(Encoding.UTF8.GetBytes(text), isSha512);

    private static string Descriptor(string mediaType, Content content) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{content.Digest}}","size":{{content.Bytes.Length}}}""";
}
