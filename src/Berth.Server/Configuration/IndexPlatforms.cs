namespace Berth.Server.Configuration;

/// <summary>Which manifests that an index lists must be in the repository before the index can be pushed.</summary>
public enum IndexPlatforms
{
    /// <summary>Every one.</summary>
    All,

    /// <summary>Not any.</summary>
    None,

    /// <summary>Those for the platforms that are listed.</summary>
    List,
}
