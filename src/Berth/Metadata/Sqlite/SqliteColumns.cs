using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

/// <summary>Columns that SQLite has in a way of its own.</summary>
internal static class SqliteColumns
{
    public static IReadOnlyDictionary<string, string>? FindAnnotations(this SqliteDataReader row, int column)
    {
        try
        {
            return row.FindString(column) is { } json
                ? JsonSerializer.Deserialize(json, OciJson.Default.IReadOnlyDictionaryStringString)
                : null;
        }
        catch (JsonException)
        {
            throw row.Damaged(column);
        }
    }
}
