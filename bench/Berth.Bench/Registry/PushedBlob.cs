namespace Berth.Bench.Registry;

/// <summary>A blob that the registry should have.</summary>
internal sealed record PushedBlob(Digest Digest, long Size);
