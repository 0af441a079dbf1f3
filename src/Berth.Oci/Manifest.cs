namespace Berth.Oci;

/// <summary>A manifest as it was pushed. Its bytes are its identity, so nothing here ever writes JSON.</summary>
/// <remarks>Image specification, manifest.md and image-index.md. Distribution specification, "Pushing Manifests".</remarks>
public sealed record Manifest
{
    /// <summary>The largest manifest in bytes; the specification asks registries for at least 4 megabytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The exact bytes.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>What the bytes are served as.</summary>
    public required string MediaType { get; init; }

    /// <summary>
    /// The artifact type of a referrer's descriptor: the manifest's own, else the media type of an image manifest's config.
    /// </summary>
    public string? ArtifactType { get; init; }

    /// <summary>What this manifest refers to, in the specification's sense.</summary>
    public Descriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Everything the manifest names: each digest once, with the strongest demand that is made on it.</summary>
    public required IReadOnlyList<ManifestReference> References { get; init; }

    /// <summary>
    /// Reads a manifest of any media type. In all of them <c>mediaType</c>, <c>artifactType</c>, <c>subject</c> and <c>annotations</c>
    /// mean what the specification says; of an unknown one nothing else is defined.
    /// </summary>
    /// <param name="content">The exact bytes; kept, not copied. The caller sees to <see cref="MaxBytes"/>.</param>
    /// <param name="contentType">The media type the client declared, without parameters; null or a generic one when it did not.</param>
    /// <exception cref="OciException">MANIFEST_INVALID or DIGEST_INVALID.</exception>
    public static Manifest Parse(ReadOnlyMemory<byte> content, string? contentType) => ManifestParser.Parse(content, contentType);
}
