using Berth.Storage;

namespace Berth.Blobs;

/// <summary>A stored blob: its digest, the object that holds its bytes, and its size in bytes.</summary>
public sealed record BlobRow(Digest Digest, BlobKey Key, long Size);
