using System.Text;

namespace Berth.Bench.Registry;

/// <summary>An image of an ordinary shape: a configuration and layers. One number always makes the same image.</summary>
internal sealed class SampleImage
{
    public const string MediaType = MediaTypes.OciImageManifest;

    /// <summary>A configuration and eight layers of 1 KiB: what requests for a manifest ask for.</summary>
    public static SampleImage Small { get; } = new(1_000_000, layers: 8, layerBytes: 1024);

    private const int ConfigurationBytes = 1024;

    public SampleImage(long number, int layers, int layerBytes)
    {
        Sources =
        [
            new BlobSource(number, ConfigurationBytes),
            .. Enumerable.Range(1, layers).Select(layer => new BlobSource(number + layer, layerBytes)),
        ];
        Blobs = [.. Sources.Select(source => source.Describe())];
        var layer = Blobs.Skip(1).Select(blob => Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", blob));
        Manifest = Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"mediaType":"{{MediaType}}","config":{{Descriptor("application/vnd.oci.image.config.v1+json", Blobs[0])}},"layers":[{{string.Join(',', layer)}}]}
            """);
        Digest = Digest.Of(Manifest.Span, DigestAlgorithm.Sha256);
    }

    /// <summary>The configuration, and then the layers.</summary>
    public IReadOnlyList<BlobSource> Sources { get; }

    /// <summary>What the sources hold.</summary>
    public IReadOnlyList<PushedBlob> Blobs { get; }

    public ReadOnlyMemory<byte> Manifest { get; }

    public Digest Digest { get; }

    /// <summary>Bytes of all blobs and the manifest.</summary>
    public long Size => Manifest.Length + Blobs.Sum(blob => blob.Size);

    /// <summary>Pushes it as container clients do: of each blob HEAD, POST, PUT, and then the manifest.</summary>
    /// <param name="reference">A tag, or its own digest.</param>
    public async ValueTask PushAsync(RegistryConnection registry, string repository, string reference, CancellationToken cancellationToken)
    {
        var push = new BlobPush(registry, repository, UploadForm.Monolithic, BlobSource.SliceBytes);
        foreach (var (source, blob) in Sources.Zip(Blobs))
        {
            if (!await registry.HasBlobAsync(repository, blob.Digest, cancellationToken))
            {
                await push.PushAsync(source, cancellationToken);
            }
        }

        await registry.PutManifestAsync(repository, reference, MediaType, Manifest, cancellationToken);
    }

    private static string Descriptor(string mediaType, PushedBlob blob) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{blob.Digest}}","size":{{blob.Size}}}""";
}
