namespace Berth.Storage.Gcs;

/// <summary>A page of a listing.</summary>
internal sealed record GcsObjectPage(IReadOnlyList<GcsObject>? Items, string? NextPageToken);
