namespace Berth.Metadata;

public enum DeleteOutcome
{
    Deleted,

    /// <summary>There was nothing to delete.</summary>
    NotFound,

    /// <summary>Something live needs it; nothing changed.</summary>
    InUse,
}
