namespace Berth.Storage.Gcs;

/// <summary>A part of a composition, and no other object that ever has its name.</summary>
internal sealed record GcsSource(string Name, long Generation);
