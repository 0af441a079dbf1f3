namespace Berth.Migration;

/// <summary>Rows that the two sides do not have in common, or have differently.</summary>
public sealed record MigrationDifferences(long Blobs, long Links, long Manifests, long Tags)
{
    public bool IsEmpty => this is { Blobs: 0, Links: 0, Manifests: 0, Tags: 0 };
}
