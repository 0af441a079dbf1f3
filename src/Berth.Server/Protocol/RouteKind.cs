namespace Berth.Server.Protocol;

/// <summary>What a path below <c>/v2</c> is about.</summary>
internal enum RouteKind
{
    /// <summary><c>/v2/</c></summary>
    Base,

    /// <summary><c>/v2/_catalog</c></summary>
    Catalog,

    /// <summary><c>/v2/&lt;name&gt;/manifests/&lt;reference&gt;</c></summary>
    Manifest,

    /// <summary><c>/v2/&lt;name&gt;/blobs/&lt;digest&gt;</c></summary>
    Blob,

    /// <summary><c>/v2/&lt;name&gt;/blobs/uploads/</c></summary>
    UploadStart,

    /// <summary><c>/v2/&lt;name&gt;/blobs/uploads/&lt;id&gt;</c></summary>
    Upload,

    /// <summary><c>/v2/&lt;name&gt;/tags/&lt;tag&gt;</c>; with the tag <c>list</c>, GET lists all.</summary>
    Tag,

    /// <summary><c>/v2/&lt;name&gt;/referrers/&lt;digest&gt;</c></summary>
    Referrers,
}
