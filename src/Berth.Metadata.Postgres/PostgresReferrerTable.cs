using Berth.Manifests;
using Berth.Referrers;
using Npgsql;

namespace Berth.Metadata.Postgres;

internal sealed class PostgresReferrerTable(PostgresDatabase database) : IReferrerTable
{
    /// <summary>Bytes of annotations and types after which a page ends: one manifest may bring 4 MiB of them.</summary>
    private const int MaxBytes = 1024 * 1024;

    private const string All =
        """
        SELECT manifests.id, media_type, digest, size, artifact_type, annotations FROM repositories
        JOIN manifests ON manifests.repository_id = repositories.id
        WHERE repositories.name = $1 AND subject = $2 AND manifests.id > $3
        ORDER BY manifests.id LIMIT $4
        """;

    private const string OfOneType =
        """
        SELECT manifests.id, media_type, digest, size, artifact_type, annotations FROM repositories
        JOIN manifests ON manifests.repository_id = repositories.id
        WHERE repositories.name = $1 AND subject = $2 AND manifests.id > $3 AND sha256(artifact_type) = sha256($5) AND artifact_type = $5
        ORDER BY manifests.id LIMIT $4
        """;

    public async Task<IReadOnlyList<ReferrerRow>> ListAsync(
        RepositoryName repository, Digest subject, string? artifactType, long after, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => artifactType is null
                ? session.ListAsync(Bounded(All), ReadReferrer, repository.Value, subject.Value, after, limit)
                : session.ListAsync(
                    Bounded(OfOneType), ReadReferrer, repository.Value, subject.Value, after, limit, PostgresColumns.ToFreeText(artifactType)),
            cancellationToken);

    /// <summary>Makes pushes of referrers of one subject wait for one another, each until the one before it is committed.</summary>
    /// <remarks>
    /// Pages go by id, and an id is given before its row can be seen: without this, a page could end behind an id whose row comes later, and
    /// nobody would ever see that one. Call it before the id is given, and before anything else is locked.
    /// </remarks>
    public static async Task LockAsync(PostgresSession session, ManifestPush push)
    {
        if (push.Manifest.Subject is { } subject)
        {
            await session.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"{push.Repository.Value}@{subject.Digest.Value}");
        }
    }

    /// <summary>Ends a page after the first row with which it becomes too large.</summary>
    private static string Bounded(string query) =>
        $"""
        SELECT id, media_type, digest, size, artifact_type, annotations FROM (
            SELECT *, sum(octet_length(media_type) + coalesce(octet_length(artifact_type), 0) + coalesce(octet_length(annotations), 0))
                OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
            FROM ({query}) AS page) AS measured
        WHERE coalesce(before, 0) <= {MaxBytes} ORDER BY id
        """;

    private static ReferrerRow ReadReferrer(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            new Descriptor
            {
                MediaType = row.GetFreeText(1),
                Digest = row.GetDigest(2),
                Size = row.GetInt64(3),
                ArtifactType = row.FindFreeText(4),
                Annotations = row.FindAnnotations(5),
            });
}
