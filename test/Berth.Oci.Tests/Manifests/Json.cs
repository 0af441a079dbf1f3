using System.Text;

namespace Berth.Oci.Tests.Manifests;

/// <summary>Writes manifests as text, so that tests can also write wrong ones.</summary>
internal static class Json
{
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>A digest that is easy to tell from others.</summary>
    public static string DigestOf(char digit) => "sha256:" + new string(digit, 64);

    /// <summary>A descriptor of one byte.</summary>
    public static string Descriptor(char digit, string mediaType = Layer, string more = "") =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{DigestOf(digit)}}","size":1{{more}}}""";

    /// <summary>An OCI image manifest with config a and the given layers.</summary>
    public static string Image(string layers = "[]", string more = "") =>
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciImageManifest}}","config":{{Descriptor('a', Config)}},"""
        + $$""" "layers":{{layers}}{{more}}}""";

    /// <summary>An OCI image index with the given children.</summary>
    public static string Index(string manifests = "[]", string more = "") =>
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciImageIndex}}","manifests":{{manifests}}{{more}}}""";

    public static Manifest Parse(string json, string? contentType = null) => Manifest.Parse(Encoding.UTF8.GetBytes(json), contentType);

    /// <summary>The error that refuses a manifest.</summary>
    public static OciError Refuse(string json, string? contentType = null) => Refuse(Encoding.UTF8.GetBytes(json), contentType);

    public static OciError Refuse(byte[] json, string? contentType = null) =>
        Assert.Throws<OciException>(() => Manifest.Parse(json, contentType)).Error;

    /// <summary>What a manifest names, as pairs of the digest's repeated digit and the demand.</summary>
    public static IEnumerable<(char Digit, ReferenceKind Kind)> Names(Manifest manifest) =>
        manifest.References.Select(reference => (reference.Descriptor.Digest.Hex[0], reference.Kind));
}
