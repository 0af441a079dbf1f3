using System.Collections.Frozen;

namespace Berth.Oci;

/// <summary>One digest that a manifest names. The subject is none: it may be absent for ever.</summary>
/// <param name="Descriptor">What the manifest says of it; where it is named twice, by the descriptor with the stronger demand.</param>
/// <param name="Kind">The strongest demand that the manifest makes on it.</param>
/// <remarks>Image specification, manifest.md and image-index.md, "Property Descriptions".</remarks>
public sealed record ManifestReference(Descriptor Descriptor, ReferenceKind Kind)
{
    /// <summary>The platforms it is named for. An index may offer one manifest for several.</summary>
    public IReadOnlySet<Platform> Platforms { get; init; } =
        Descriptor.Platform is { } platform ? FrozenSet.Create(platform) : FrozenSet<Platform>.Empty;
}
