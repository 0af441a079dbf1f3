namespace Berth.Manifests;

/// <summary>A stored manifest: its digest, its media type, and its exact bytes.</summary>
public sealed record ManifestRow(Digest Digest, string MediaType, ReadOnlyMemory<byte> Content);
