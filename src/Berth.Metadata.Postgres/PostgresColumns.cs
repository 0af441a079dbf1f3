using System.Text;
using System.Text.Json;
using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>Columns that PostgreSQL has in a way of its own.</summary>
internal static class PostgresColumns
{
    public static byte[]? FindBytes(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetBytes(column);

    /// <summary>Text that a client may write freely, which is stored as bytes.</summary>
    public static string GetFreeText(this NpgsqlDataReader row, int column) => Encoding.UTF8.GetString(row.GetBytes(column));

    public static string? FindFreeText(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFreeText(column);

    public static byte[]? ToFreeText(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    public static IReadOnlyDictionary<string, string>? FindAnnotations(this NpgsqlDataReader row, int column)
    {
        try
        {
            return row.FindBytes(column) is { } json
                ? JsonSerializer.Deserialize(json, OciJson.Default.IReadOnlyDictionaryStringString)
                : null;
        }
        catch (JsonException)
        {
            throw row.Damaged(column);
        }
    }

    /// <summary>What stands before the same names as <paramref name="last"/> and is text for PostgreSQL, which knows no NUL and no half surrogates.</summary>
    /// <remarks>Names are ASCII: whatever follows a NUL comes before every longer name, and half a surrogate after all of them.</remarks>
    public static string ToBound(string? last) =>
        last is null ? "" : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(last.Split('\0')[0]));
}
