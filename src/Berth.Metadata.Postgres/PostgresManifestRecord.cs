namespace Berth.Metadata.Postgres;

/// <summary>Whole rows of manifests, with the digests recorded in manifest_references.</summary>
internal static class PostgresManifestRecord
{
    /// <summary>The next manifest in the order they were pushed, read at one moment.</summary>
    public static Task<RecordedManifest?> FindAfterAsync(PostgresDatabase database, long id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.FindAsync(
                """
                SELECT manifests.id, repositories.name, digest, media_type, artifact_type, subject, annotations, size, content,
                    ARRAY(SELECT digest FROM manifest_references WHERE manifest_id = manifests.id ORDER BY digest)
                FROM manifests JOIN repositories ON repositories.id = manifests.repository_id
                WHERE manifests.id > $1 ORDER BY manifests.id LIMIT 1
                """,
                row => new RecordedManifest(
                    row.GetInt64(0),
                    row.GetRepository(1),
                    row.GetDigest(2),
                    row.GetFreeText(3),
                    row.FindFreeText(4),
                    row.FindString(5),
                    row.FindBytes(6),
                    row.GetInt64(7),
                    row.GetBytes(8),
                    [.. row.GetFieldValue<string[]>(9).Select(digest => Digest.Parse(digest))]),
                id),
            cancellationToken);
}
