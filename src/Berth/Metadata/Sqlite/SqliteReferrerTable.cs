using Berth.Referrers;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

internal sealed class SqliteReferrerTable(SqliteDatabase database) : IReferrerTable
{
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
            connection => artifactType is null
                ? connection.List(All, ReadReferrer, repository.Value, subject.Value, after, limit)
                : connection.List(OfOneType, ReadReferrer, repository.Value, subject.Value, after, limit, artifactType),
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
