namespace Berth.Access;

/// <summary>What a request would do, whatever verb or API it came through.</summary>
public enum Effect
{
    /// <summary>Content is read, or that it is there.</summary>
    Pull,

    /// <summary>Content or a tag comes into a repository.</summary>
    Push,

    /// <summary>A tag, a manifest or a blob's link goes.</summary>
    Delete,

    /// <summary>The state of an upload is read, which is for those who push.</summary>
    ReadUpload,

    /// <summary>An upload ends without a blob. It only gives back what its owner took, so it is not a deletion.</summary>
    CancelUpload,
}
