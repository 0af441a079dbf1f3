namespace Berth.Server.Protocol;

/// <summary><c>/v2/_catalog</c>: distribution's listing of repositories.</summary>
internal sealed class CatalogEndpoints(Registry registry, ListingOptions options, Locations locations)
{
    private const int DefaultSize = 100;

    public async Task ListAsync(HttpContext context)
    {
        var size = Paging.Size(context) ?? Math.Min(DefaultSize, options.MaxCatalogEntries);
        if (size > options.MaxCatalogEntries)
        {
            throw new OciException(OciError.PageSizeInvalid($"at most {options.MaxCatalogEntries}"));
        }

        var names = await registry.Repositories.ListAsync(context.Caller, Paging.Last(context), size + 1, context.RequestAborted);
        var page = names.Take(size).Select(name => name.Value).ToArray();
        if (names.Count > size && size > 0)
        {
            Paging.LinkNext(context, locations.PathOf(context.Request), page[^1], size);
        }

        await Answer.JsonAsync(context, new RepositoryList(page), OciJson.Wire.RepositoryList);
    }
}
