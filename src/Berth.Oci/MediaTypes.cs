using System.Buffers;

namespace Berth.Oci;

/// <summary>The media types that the registry treats specially. Any other one is stored and served just the same.</summary>
/// <remarks>Image specification, media-types.md; Docker's image manifest version 2, schema 2.</remarks>
public static class MediaTypes
{
    public const string OciImageManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciImageIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciArtifactManifest = "application/vnd.oci.artifact.manifest.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string OctetStream = "application/octet-stream";

    private const string OciNonDistributableLayer = "application/vnd.oci.image.layer.nondistributable.";
    private const string DockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+");

    public static bool IsImage(string? mediaType) => mediaType is OciImageManifest or DockerManifest;

    public static bool IsIndex(string? mediaType) => mediaType is OciImageIndex or DockerManifestList;

    public static bool IsManifest(string? mediaType) => IsImage(mediaType) || IsIndex(mediaType) || mediaType is OciArtifactManifest;

    /// <summary>Layers that their licence keeps out of registries: a manifest may name them without the registry having them.</summary>
    public static bool IsForeignLayer(string? mediaType) =>
        mediaType is not null
        && (mediaType.StartsWith(OciNonDistributableLayer, StringComparison.Ordinal)
            || mediaType.StartsWith(DockerForeignLayer, StringComparison.Ordinal));

    /// <summary>Whether the text is a media type that HTTP tools send for anything, or none at all.</summary>
    public static bool IsGeneric(string? mediaType) =>
        mediaType?.ToLowerInvariant() is null or "" or OctetStream or "application/json" or "application/x-www-form-urlencoded";

    /// <summary>Whether the text is a media type by RFC 6838, section 4.2. Only such text may go into a header.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> mediaType)
    {
        var slash = mediaType.IndexOf('/');
        return slash >= 0 && IsRestrictedName(mediaType[..slash]) && IsRestrictedName(mediaType[(slash + 1)..]);
    }

    private static bool IsRestrictedName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= 127 && char.IsAsciiLetterOrDigit(name[0]) && !name.ContainsAnyExcept(NameCharacters);
}
