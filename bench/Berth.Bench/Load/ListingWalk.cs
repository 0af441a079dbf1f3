using Berth.Bench.Registry;

namespace Berth.Bench.Load;

/// <summary>Walks a listing from page to page, as the Link headers lead, and starts again after the last one.</summary>
/// <param name="firstPage">Path and query of the first page.</param>
/// <param name="expected">Entries that the whole listing has; null: unknown.</param>
/// <param name="isOrdered">False for a registry that gives all entries at once, in any order: each must be there once.</param>
internal sealed class ListingWalk(RegistryConnection registry, string firstPage, int? expected, bool isOrdered)
{
    private string? _next;
    private string _last = "";
    private int _seen;

    /// <summary>Gets the next page.</summary>
    /// <returns>The size of its body.</returns>
    public async ValueTask<long> RunAsync(CancellationToken cancellationToken)
    {
        var path = _next ?? firstPage;
        var page = await registry.GetPageAsync(path, cancellationToken);
        IEnumerable<string> names = isOrdered ? page.Names : page.Names.Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (string.CompareOrdinal(name, _last) <= 0)
            {
                throw new WrongAnswerException($"{path} lists {name} after {_last}");
            }

            _last = name;
        }

        _seen += page.Names.Count;
        _next = page.Next;
        if (_next is null)
        {
            StartAgain();
        }

        return page.Bytes;
    }

    private void StartAgain()
    {
        if (expected is not null && _seen != expected)
        {
            throw new WrongAnswerException($"{firstPage} and what follows list {_seen} entries, not {expected}");
        }

        (_last, _seen) = ("", 0);
    }
}
