namespace Berth.Oci;

/// <summary>Content named by digest and size. Image specification, descriptor.md.</summary>
public sealed record Descriptor
{
    public string? MediaType { get; init; }

    public required Digest Digest { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }

    public string? ArtifactType { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public Platform? Platform { get; init; }
}
