namespace Berth.Oci;

/// <summary>The media types that the registry treats specially. Any other one is stored and served just the same.</summary>
public static class MediaTypes
{
    public const string OciImageManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciImageIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciArtifactManifest = "application/vnd.oci.artifact.manifest.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    public const string OctetStream = "application/octet-stream";

    private const string NonDistributablePrefix = "application/vnd.oci.image.layer.nondistributable.";

    public static bool IsImage(string? mediaType) => mediaType is OciImageManifest or DockerManifest;

    public static bool IsIndex(string? mediaType) => mediaType is OciImageIndex or DockerManifestList;

    public static bool IsManifest(string? mediaType) => IsImage(mediaType) || IsIndex(mediaType) || mediaType is OciArtifactManifest;

    /// <summary>Layers that their licence keeps out of registries: a manifest may name them without the registry having them.</summary>
    public static bool IsForeignLayer(string? mediaType) =>
        mediaType is DockerForeignLayer || mediaType?.StartsWith(NonDistributablePrefix, StringComparison.Ordinal) == true;
}
