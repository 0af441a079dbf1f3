namespace Berth.Oci;

/// <summary>What a manifest means by naming a digest.</summary>
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

    /// <summary>A descriptor somewhere the specification does not define. It is never demanded, but it keeps its target from collection.</summary>
    Undefined = 4,
}
