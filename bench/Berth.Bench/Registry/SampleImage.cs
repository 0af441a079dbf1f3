using System.Text;

namespace Berth.Bench.Registry;

/// <summary>An image of an ordinary shape: a configuration and eight layers, all tiny. Always the same.</summary>
internal static class SampleImage
{
    public const string MediaType = MediaTypes.OciImageManifest;
    public const string Tag = "v1";

    private const int BlobBytes = 1024;

    public static IReadOnlyList<BlobSource> Blobs { get; } = [.. Enumerable.Range(1_000_000, 9).Select(number => new BlobSource(number, BlobBytes))];

    public static ReadOnlyMemory<byte> Manifest { get; } = CreateManifest();

    public static Digest Digest { get; } = Digest.Of(Manifest.Span, DigestAlgorithm.Sha256);

    private static byte[] CreateManifest()
    {
        var blobs = Blobs.Select(blob => blob.Describe()).ToList();
        var layers = blobs.Skip(1).Select(layer => Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer));
        return Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"mediaType":"{{MediaType}}","config":{{Descriptor("application/vnd.oci.image.config.v1+json", blobs[0])}},"layers":[{{string.Join(',', layers)}}]}
            """);
    }

    private static string Descriptor(string mediaType, PushedBlob blob) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{blob.Digest}}","size":{{blob.Size}}}""";
}
