using Berth.Manifests;

namespace Berth.Metadata;

/// <summary>A manifest with the repository it is stored in, and the references recorded for it.</summary>
public sealed record StoredManifest(RepositoryName Repository, ManifestRow Row, IReadOnlyList<Digest> References);
