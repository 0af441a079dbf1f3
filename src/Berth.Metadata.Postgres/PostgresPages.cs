using System.Runtime.CompilerServices;
using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>Walks through a table page by page, so that no transaction is as long as the table.</summary>
internal static class PostgresPages
{
    private const int PageSize = 1000;

    /// <param name="query">Its parameters are the key after which the page begins, and then its length. It returns rows in the order of that key.</param>
    /// <param name="start">A key before all others.</param>
    /// <param name="key">The key of a row.</param>
    public static async IAsyncEnumerable<T> WalkAsync<T>(
        this PostgresDatabase database,
        string query,
        Func<NpgsqlDataReader, T> read,
        IReadOnlyList<object> start,
        Func<T, IReadOnlyList<object>> key,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = start; ;)
        {
            object[] arguments = [.. after, PageSize];
            var page = await database.ReadAsync(session => session.ListAsync(query, read, arguments), cancellationToken);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = key(page[^1]);
        }
    }
}
