using System.Text;
using System.Text.Json;
using Berth.Storage;
using Berth.Uploads;
using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>Reads columns as the types they were written from. A text that is none is damage of the database, never a refusal of a request.</summary>
internal static class PostgresColumns
{
    public static Digest GetDigest(this NpgsqlDataReader row, int column) =>
        Digest.TryParse(row.GetString(column), out var digest) ? digest : throw Damaged(row, column);

    public static BlobKey GetKey(this NpgsqlDataReader row, int column) =>
        BlobKey.TryParse(row.GetString(column), out var key) ? key : throw Damaged(row, column);

    public static RepositoryName GetRepository(this NpgsqlDataReader row, int column) =>
        RepositoryName.TryParse(row.GetString(column), out var name) ? name : throw Damaged(row, column);

    public static Tag GetTag(this NpgsqlDataReader row, int column) =>
        Tag.TryParse(row.GetString(column), out var tag) ? tag : throw Damaged(row, column);

    public static UploadId GetUploadId(this NpgsqlDataReader row, int column) =>
        UploadId.TryParse(row.GetString(column), out var id) ? id : throw Damaged(row, column);

    public static DigestAlgorithm GetAlgorithm(this NpgsqlDataReader row, int column) =>
        DigestAlgorithm.TryParse(row.GetString(column), out var algorithm) ? algorithm : throw Damaged(row, column);

    public static DateTimeOffset GetTime(this NpgsqlDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static byte[] GetBytes(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static byte[]? FindBytes(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetBytes(column);

    /// <summary>Text that a client may write freely, which is stored as bytes.</summary>
    public static string GetFreeText(this NpgsqlDataReader row, int column) => Encoding.UTF8.GetString(row.GetBytes(column));

    public static string? FindFreeText(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFreeText(column);

    public static byte[]? ToFreeText(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    public static string? FindString(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? FindInt64(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

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
            throw Damaged(row, column);
        }
    }

    /// <summary>What stands before the same names as <paramref name="last"/> and is text for PostgreSQL, which knows no NUL and no half surrogates.</summary>
    /// <remarks>Names are ASCII: whatever follows a NUL comes before every longer name, and half a surrogate after all of them.</remarks>
    public static string ToBound(string? last) =>
        last is null ? "" : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(last.Split('\0')[0]));

    private static StorageException Damaged(NpgsqlDataReader row, int column) =>
        new($"The metadata database is damaged: a column {row.GetName(column)} holds no such value.", isTransient: false);
}
