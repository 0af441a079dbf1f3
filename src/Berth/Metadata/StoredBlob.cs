using Berth.Blobs;

namespace Berth.Metadata;

/// <summary>A blob with a repository that has a link to it, whichever.</summary>
public sealed record StoredBlob(RepositoryName Repository, BlobRow Row);
