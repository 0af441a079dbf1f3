using System.Text.Json;
using Berth.Storage;
using Berth.Uploads;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

/// <summary>Reads columns as the types they were written from. A text that is none is damage of the database, never a refusal of a request.</summary>
internal static class SqliteColumns
{
    public static Digest GetDigest(this SqliteDataReader row, int column) =>
        Digest.TryParse(row.GetString(column), out var digest) ? digest : throw Damaged(row, column);

    public static BlobKey GetKey(this SqliteDataReader row, int column) =>
        BlobKey.TryParse(row.GetString(column), out var key) ? key : throw Damaged(row, column);

    public static RepositoryName GetRepository(this SqliteDataReader row, int column) =>
        RepositoryName.TryParse(row.GetString(column), out var name) ? name : throw Damaged(row, column);

    public static Tag GetTag(this SqliteDataReader row, int column) =>
        Tag.TryParse(row.GetString(column), out var tag) ? tag : throw Damaged(row, column);

    public static UploadId GetUploadId(this SqliteDataReader row, int column) =>
        UploadId.TryParse(row.GetString(column), out var id) ? id : throw Damaged(row, column);

    public static DigestAlgorithm GetAlgorithm(this SqliteDataReader row, int column) =>
        DigestAlgorithm.TryParse(row.GetString(column), out var algorithm) ? algorithm : throw Damaged(row, column);

    public static DateTimeOffset GetTime(this SqliteDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static byte[] GetContent(this SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static string? FindString(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? FindInt64(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

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
            throw Damaged(row, column);
        }
    }

    private static StorageException Damaged(SqliteDataReader row, int column) =>
        new($"The metadata database is damaged: a column {row.GetName(column)} holds no such value.", isTransient: false);
}
