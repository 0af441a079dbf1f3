using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

/// <summary>Lists page by page, so that no reader keeps the log from being emptied for as long as a whole listing takes.</summary>
internal static class SqlitePages
{
    private const int PageSize = 1000;

    /// <param name="query">Its parameters are the key after which the page begins, and then its length. It returns rows in the order of that key.</param>
    /// <param name="start">A key before all others.</param>
    /// <param name="key">The key of a row.</param>
    public static async IAsyncEnumerable<T> WalkAsync<T>(
        this SqliteDatabase database,
        string query,
        Func<SqliteDataReader, T> read,
        IReadOnlyList<object> start,
        Func<T, IReadOnlyList<object>> key,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = start; ;)
        {
            object[] arguments = [.. after, PageSize];
            var page = await database.ReadAsync(connection => connection.List(query, read, arguments), cancellationToken);
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
