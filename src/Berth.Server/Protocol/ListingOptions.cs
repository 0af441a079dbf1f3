namespace Berth.Server.Protocol;

/// <summary>Bounds of the listings.</summary>
public sealed record ListingOptions
{
    /// <summary>Most repositories in a page of the catalogue; more is refused (<c>catalog.maxentries</c>). Default: 1000.</summary>
    public int MaxCatalogEntries { get; init; } = 1000;

    /// <summary>Most tags in a page; more is cut to this (<c>tags.maxtags</c>). Default: 1000.</summary>
    public int MaxTags { get; init; } = 1000;
}
