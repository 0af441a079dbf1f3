using Berth.Storage;

namespace Berth.Metadata;

/// <summary>An object to delete.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Digest">The digest it was committed under; null when it never was.</param>
public sealed record PendingDelete(BlobKey Key, Digest? Digest);
