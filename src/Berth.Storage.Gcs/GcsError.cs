namespace Berth.Storage.Gcs;

/// <summary>Why the service refused.</summary>
internal sealed record GcsError(string? Message, IReadOnlyList<GcsErrorDetail>? Errors);
