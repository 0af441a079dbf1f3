using Berth.Referrers;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

internal sealed class SqliteReferrerTable(SqliteDatabase database) : IReferrerTable
{
    /// <summary>Characters of annotations after which a page ends: one manifest may bring 4 MiB of them.</summary>
    private const int MaxAnnotations = 1024 * 1024;

    private const string All =
        """
        SELECT manifests.id, media_type, digest, size, artifact_type, annotations FROM repositories
        JOIN manifests ON manifests.repository_id = repositories.id
        WHERE repositories.name = ?1 AND subject = ?2 AND manifests.id > ?3
        ORDER BY manifests.id LIMIT ?4
        """;

    private const string OfOneType =
        """
        SELECT manifests.id, media_type, digest, size, artifact_type, annotations FROM repositories
        JOIN manifests ON manifests.repository_id = repositories.id
        WHERE repositories.name = ?1 AND subject = ?2 AND manifests.id > ?3 AND artifact_type = ?5
        ORDER BY manifests.id LIMIT ?4
        """;

    public async Task<IReadOnlyList<ReferrerRow>> ListAsync(
        RepositoryName repository, Digest subject, string? artifactType, long after, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection =>
            {
                var annotations = 0L;
                return connection.ListWhile(
                    artifactType is null ? All : OfOneType,
                    ReadReferrer,
                    row => (annotations += row.IsDBNull(5) ? 0 : row.GetString(5).Length) <= MaxAnnotations,
                    artifactType is null
                        ? [repository.Value, subject.Value, after, limit]
                        : [repository.Value, subject.Value, after, limit, artifactType]);
            },
            cancellationToken);

    private static ReferrerRow ReadReferrer(SqliteDataReader row) =>
        new(
            row.GetInt64(0),
            new Descriptor
            {
                MediaType = row.GetString(1),
                Digest = row.GetDigest(2),
                Size = row.GetInt64(3),
                ArtifactType = row.FindString(4),
                Annotations = row.FindAnnotations(5),
            });
}
