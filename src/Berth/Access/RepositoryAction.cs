namespace Berth.Access;

/// <summary>What a rule lets somebody do with a repository.</summary>
[Flags]
public enum RepositoryAction
{
    None = 0,

    /// <summary>Read manifests, blobs, tags and referrers.</summary>
    Pull = 1,

    /// <summary>Bring new content and new tags.</summary>
    Push = 2,

    /// <summary>Point a tag that exists at another manifest. To push to it, <see cref="Push"/> is needed, too.</summary>
    Overwrite = 4,

    /// <summary>Delete tags, manifests and blobs.</summary>
    Delete = 8,

    /// <summary>Decide what holds for a repository as a whole.</summary>
    Manage = 16,

    /// <summary>All of these: for those who look after a repository.</summary>
    Admin = Pull | Push | Overwrite | Delete | Manage,
}
