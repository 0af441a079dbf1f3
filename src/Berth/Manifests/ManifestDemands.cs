namespace Berth.Manifests;

/// <summary>Which references of a manifest must be live when it is pushed, and stay so while it lives.</summary>
public sealed record ManifestDemands
{
    /// <summary>Which children of an index must exist. Default: all of them.</summary>
    public IndexPlatforms IndexPlatforms { get; init; } = IndexPlatforms.All;

    /// <summary>The platforms whose children must exist, for <see cref="IndexPlatforms.List"/>.</summary>
    public IReadOnlySet<Platform> Platforms { get; init; } = new HashSet<Platform>();

    /// <summary>Accepts image manifests whose config or layers are not there. Default: false.</summary>
    public bool IsSparseAllowed { get; init; }

    /// <summary>The digests of <paramref name="manifest"/> that must be live.</summary>
    public IReadOnlySet<Digest> Of(Manifest manifest) =>
        manifest.References.Where(IsDemanded).Select(reference => reference.Descriptor.Digest).ToHashSet();

    private bool IsDemanded(ManifestReference reference) => reference.Kind switch
    {
        ReferenceKind.Blob => !IsSparseAllowed,
        ReferenceKind.Manifest or ReferenceKind.Either => IndexPlatforms switch
        {
            IndexPlatforms.All => true,
            IndexPlatforms.List => reference.Platforms.Any(Platforms.Contains),
            _ => false,
        },
        _ => false,
    };
}
