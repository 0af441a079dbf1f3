using System.Text;

namespace Berth.Metadata.Sqlite;

/// <summary>Whole rows of manifests, with the digests recorded in manifest_references.</summary>
internal static class SqliteManifestRecord
{
    /// <summary>The next manifest in the order they were pushed, read at one moment.</summary>
    public static RecordedManifest? FindAfter(PreparedConnection connection, long id) =>
        connection.Find(
            """
            SELECT manifests.id, repositories.name, digest, media_type, artifact_type, subject, annotations, size, content,
                (SELECT group_concat(digest, ' ') FROM manifest_references WHERE manifest_id = manifests.id)
            FROM manifests JOIN repositories ON repositories.id = manifests.repository_id
            WHERE manifests.id > ?1 ORDER BY manifests.id LIMIT 1
            """,
            row => new RecordedManifest(
                row.GetInt64(0),
                row.GetRepository(1),
                row.GetDigest(2),
                row.GetString(3),
                row.FindString(4),
                row.FindString(5),
                row.FindString(6) is { } annotations ? Encoding.UTF8.GetBytes(annotations) : null,
                row.GetInt64(7),
                row.GetBytes(8),
                row.FindString(9) is { } digests ? [.. digests.Split(' ').Select(digest => Digest.Parse(digest))] : []),
            id);
}
