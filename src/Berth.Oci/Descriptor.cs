namespace Berth.Oci;

/// <summary>Content named by digest and size.</summary>
/// <remarks>Image specification, descriptor.md, "Properties".</remarks>
public sealed record Descriptor
{
    /// <summary>The media type of the content. The specification requires one; documents without it exist.</summary>
    public string? MediaType { get; init; }

    public required Digest Digest { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The type of the artifact, when the content is the manifest of one.</summary>
    public string? ArtifactType { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The platform that the content is for, in an entry of an index. Image specification, image-index.md.</summary>
    public Platform? Platform { get; init; }
}
