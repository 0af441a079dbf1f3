namespace Berth.Migration;

/// <summary>What a run is at.</summary>
public enum MigrationPhase
{
    /// <summary>Finds out what the target lacks.</summary>
    Planning,

    /// <summary>Copies the bytes of blobs.</summary>
    Blobs,

    /// <summary>Makes links, manifests and tags equal, one repository after the other.</summary>
    Repositories,

    /// <summary>Looks at every row of both sides again.</summary>
    Comparing,
}
