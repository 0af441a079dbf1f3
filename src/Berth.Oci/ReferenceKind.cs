namespace Berth.Oci;

/// <summary>What a manifest means by naming a digest, from the strongest demand to the weakest.</summary>
/// <remarks>
/// Distribution specification, "Push": a registry may refuse a manifest whose descriptors, other than the subject,
/// name what the repository does not have.
/// </remarks>
public enum ReferenceKind
{
    /// <summary>A config or layer: a blob of the repository.</summary>
    Blob = 0,

    /// <summary>A child of an index: a manifest of the repository.</summary>
    Manifest = 1,

    /// <summary>A child of an index whose media type is no manifest's, such as a build cache's layers: either will do.</summary>
    Either = 2,

    /// <summary>A layer that registries need not have (a foreign layer).</summary>
    Foreign = 3,

    /// <summary>
    /// A digest somewhere the specification does not define. It is never demanded, but it keeps its target from collection.
    /// The size in its descriptor is 0 when the document gives none.
    /// </summary>
    Undefined = 4,
}
