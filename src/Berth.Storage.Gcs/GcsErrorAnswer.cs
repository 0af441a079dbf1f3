namespace Berth.Storage.Gcs;

/// <summary>The body of a refusal.</summary>
internal sealed record GcsErrorAnswer(GcsError? Error);
