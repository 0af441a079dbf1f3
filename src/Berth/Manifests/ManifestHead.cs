namespace Berth.Manifests;

/// <summary>A stored manifest without its bytes.</summary>
/// <param name="Size">In bytes.</param>
public sealed record ManifestHead(Digest Digest, string MediaType, int Size);
