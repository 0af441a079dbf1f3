namespace Berth.Uploads;

/// <summary>A session that ended as a blob.</summary>
/// <param name="Owner">The name of who started it; null: somebody without one.</param>
public sealed record FinishedUpload(Digest Digest, string? Owner);
