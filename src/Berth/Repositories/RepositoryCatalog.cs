using Berth.Access;
using Berth.Metadata;

namespace Berth.Repositories;

/// <summary>The repositories there are, for each caller those that it may pull from.</summary>
public sealed class RepositoryCatalog(IMetadataStore metadata, EffectGuard guard)
{
    /// <summary>Names that are read at once; most of them may be hidden.</summary>
    private const int PageSize = 256;

    /// <summary>Repositories with at least one manifest, in byte order after <paramref name="last"/>.</summary>
    /// <returns>Fewer than <paramref name="limit"/> only when there are no more.</returns>
    /// <exception cref="AccessDeniedException">The caller brings a token that is not for listing.</exception>
    public async Task<IReadOnlyList<RepositoryName>> ListAsync(Caller caller, string? last, int limit, CancellationToken cancellationToken)
    {
        guard.DemandListing(caller);
        if (guard.MayPullEverything(caller))
        {
            return await metadata.Repositories.ListAsync(last, limit, cancellationToken);
        }

        // Hidden repositories between two visible ones are not read, as far as the patterns of the rules tell where they begin.
        var names = new List<RepositoryName>();
        foreach (var prefix in guard.ListedPrefixes(caller))
        {
            var before = BoundBefore(prefix);
            var start = string.CompareOrdinal(last, before) > 0 ? last : before;
            await AddAsync(caller, prefix, start, names, limit, cancellationToken);
        }

        return names;
    }

    private async Task AddAsync(
        Caller caller, string prefix, string? last, List<RepositoryName> names, int limit, CancellationToken cancellationToken)
    {
        var hasMore = true;
        while (hasMore && names.Count < limit)
        {
            var page = await metadata.Repositories.ListAsync(last, PageSize, cancellationToken);
            var inside = page.TakeWhile(name => name.Value.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            names.AddRange(inside.Where(name => guard.IsListed(caller, name)).Take(limit - names.Count));
            hasMore = inside.Count == PageSize;
            last = page.Count > 0 ? page[^1].Value : last;
        }
    }

    /// <summary>What all names that begin with a prefix come after, and no other name in between: the prefix with a last character less by one.</summary>
    private static string? BoundBefore(string prefix) => prefix.Length == 0 ? null : $"{prefix[..^1]}{(char)(prefix[^1] - 1)}\x7f";
}
