namespace Berth.Storage.Gcs;

/// <summary>One reason of a refusal, such as <c>conditionNotMet</c>.</summary>
internal sealed record GcsErrorDetail(string? Reason);
