using System.Diagnostics.CodeAnalysis;

namespace Berth.Metadata.Sqlite;

/// <summary>Rows of repositories that were read last, as finished tasks: to find one again allocates nothing.</summary>
internal sealed class RememberedRows<T>(SqliteMemory memory)
    where T : class
{
    private const long MaxBytes = 16 << 20;

    private readonly RecentMap<(RepositoryName Repository, string Name), (long Version, Task<T?> Row)> _rows = new(MaxBytes, _ => 0);

    /// <summary>The row, if it is remembered and still true.</summary>
    /// <param name="version">What <see cref="RememberAsync"/> is to be told when it has to be read.</param>
    public bool TryFind(RepositoryName repository, string name, out long version, [NotNullWhen(true)] out Task<T?>? row)
    {
        version = memory.VersionOf(repository);
        row = SqliteMemory.IsQuiet(version) && _rows.TryFind((repository, name), out var entry) && entry.Version == version ? entry.Row : null;
        return row is not null;
    }

    /// <summary>Waits for a row that is being read, and remembers it. That there is none is not remembered.</summary>
    public async Task<T?> RememberAsync(RepositoryName repository, string name, long version, Task<T?> reading)
    {
        var row = await reading;
        if (row is not null && SqliteMemory.IsQuiet(version))
        {
            _rows.Add((repository, name), (version, Task.FromResult<T?>(row)));
        }

        return row;
    }
}
