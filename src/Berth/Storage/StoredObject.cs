namespace Berth.Storage;

/// <summary>One object found by listing a store.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Digest">The digest it was committed under; null while it is staged, and in a store that does not know.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record StoredObject(BlobKey Key, Digest? Digest, long Size);
