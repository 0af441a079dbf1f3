namespace Berth.Server.Protocol;

/// <summary>Bounds of the listings.</summary>
public sealed record ListingOptions
{
    /// <summary>What a page may hold at most, whatever is configured: memory for one answer is bounded.</summary>
    public const int Limit = 100_000;

    /// <summary>Most repositories in a page of the catalogue; more is refused (<c>catalog.maxentries</c>). Default: 1000.</summary>
    public int MaxCatalogEntries { get; init; } = 1000;

    /// <summary>Most tags in a page; more is cut to this (<c>tags.maxtags</c>). Default: 1000.</summary>
    public int MaxTags { get; init; } = 1000;
}
