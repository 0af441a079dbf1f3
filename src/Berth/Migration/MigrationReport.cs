using System.Collections.Concurrent;

namespace Berth.Migration;

/// <summary>Collects what cannot be moved. Safe for use from many threads.</summary>
internal sealed class MigrationReport
{
    private readonly ConcurrentDictionary<string, string> _messages = new(StringComparer.Ordinal);

    public IReadOnlyList<MigrationProblem> Problems =>
        [.. _messages.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new MigrationProblem(pair.Key, pair.Value))];

    public void Add(string subject, string message) => _messages.TryAdd(subject, message);

    public bool Has(string subject) => _messages.ContainsKey(subject);
}
