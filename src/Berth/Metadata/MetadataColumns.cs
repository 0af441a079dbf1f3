using System.Data.Common;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Metadata;

/// <summary>Reads columns as the types they were written from. A text that is none is damage of the database, never a refusal of a request.</summary>
public static class MetadataColumns
{
    public static Digest GetDigest(this DbDataReader row, int column) =>
        Digest.TryParse(row.GetString(column), out var digest) ? digest : throw row.Damaged(column);

    public static BlobKey GetKey(this DbDataReader row, int column) =>
        BlobKey.TryParse(row.GetString(column), out var key) ? key : throw row.Damaged(column);

    public static RepositoryName GetRepository(this DbDataReader row, int column) =>
        RepositoryName.TryParse(row.GetString(column), out var name) ? name : throw row.Damaged(column);

    public static Tag GetTag(this DbDataReader row, int column) =>
        Tag.TryParse(row.GetString(column), out var tag) ? tag : throw row.Damaged(column);

    public static UploadId GetUploadId(this DbDataReader row, int column) =>
        UploadId.TryParse(row.GetString(column), out var id) ? id : throw row.Damaged(column);

    public static DigestAlgorithm GetAlgorithm(this DbDataReader row, int column) =>
        DigestAlgorithm.TryParse(row.GetString(column), out var algorithm) ? algorithm : throw row.Damaged(column);

    /// <summary>A time in milliseconds since 1970.</summary>
    public static DateTimeOffset GetTime(this DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static byte[] GetBytes(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static string? FindString(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>The fault to throw when a column does not hold what was written there.</summary>
    public static StorageException Damaged(this DbDataReader row, int column) =>
        new($"The metadata database is damaged: a column {row.GetName(column)} holds no such value.", isTransient: false);
}
