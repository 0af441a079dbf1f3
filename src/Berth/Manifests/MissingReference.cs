namespace Berth.Manifests;

/// <summary>A reference that the repository cannot satisfy.</summary>
/// <param name="Reference">The reference.</param>
/// <param name="ActualSize">The size in bytes of what is stored, when only the size is wrong; null when nothing is stored.</param>
public sealed record MissingReference(ManifestReference Reference, long? ActualSize);
