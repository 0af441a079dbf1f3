using Berth.Bench.Registry;

namespace Berth.Bench.Load;

/// <summary>Walks a listing from page to page, as the Link headers lead, and starts again after the last one.</summary>
/// <param name="firstPage">Path and query of the first page.</param>
/// <param name="expected">Entries that the whole listing has; null: unknown.</param>
internal sealed class PageClient(RegistryClient registry, string firstPage, int? expected) : ILoadClient
{
    private string? _next;
    private string _last = "";
    private int _seen;

    public async ValueTask<long> RunAsync(int operation, CancellationToken cancellationToken)
    {
        var path = _next ?? firstPage;
        var page = await registry.GetPageAsync(path, cancellationToken);
        foreach (var name in page.Names)
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

    public void Dispose()
    {
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
