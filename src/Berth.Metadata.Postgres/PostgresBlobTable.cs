using Berth.Blobs;

namespace Berth.Metadata.Postgres;

internal sealed class PostgresBlobTable(PostgresDatabase database) : IBlobTable
{
    public Task<BlobRow?> FindAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.FindAsync(
                """
                SELECT blobs.key, blobs.size FROM repositories
                JOIN repository_blobs ON repository_blobs.repository_id = repositories.id AND repository_blobs.digest = $2
                JOIN blobs ON blobs.digest = repository_blobs.digest
                WHERE repositories.name = $1
                """,
                row => new BlobRow(digest, row.GetKey(0), row.GetInt64(1)),
                repository.Value, digest.Value),
            cancellationToken);

    public Task<BlobRow?> FindAnywhereAsync(Digest digest, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.FindAsync(
                "SELECT key, size FROM blobs WHERE digest = $1", row => new BlobRow(digest, row.GetKey(0), row.GetInt64(1)), digest.Value),
            cancellationToken);

    public Task<bool> LinkAsync(RepositoryName repository, Digest digest, RepositoryName? source, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async session =>
            {
                var isThere = source is { } from
                    ? await IsLinkedAsync(session, from, digest)
                    : await session.ExistsAsync("SELECT 1 FROM blobs WHERE digest = $1 FOR KEY SHARE", digest.Value);
                if (isThere)
                {
                    await LinkAsync(session, repository, digest, database.Now);
                }

                return isThere;
            },
            cancellationToken);

    public Task<DeleteOutcome> UnlinkAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        database.ChangeAsync(session => UnlinkAsync(session, repository, digest), cancellationToken);

    public static async Task LinkAsync(PostgresSession session, RepositoryName repository, Digest digest, long now) =>
        await session.ExecuteAsync(
            "INSERT INTO repository_blobs (repository_id, digest, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            (await PostgresRepositoryTable.LockOrCreateAsync(session, repository, now)).Id, digest.Value, now);

    private static Task<bool> IsLinkedAsync(PostgresSession session, RepositoryName repository, Digest digest) =>
        session.ExistsAsync(
            """
            SELECT 1 FROM repositories
            JOIN repository_blobs ON repository_blobs.repository_id = repositories.id AND repository_blobs.digest = $2
            JOIN blobs ON blobs.digest = repository_blobs.digest
            WHERE repositories.name = $1
            FOR KEY SHARE OF blobs
            """,
            repository.Value, digest.Value);

    private static async Task<DeleteOutcome> UnlinkAsync(PostgresSession session, RepositoryName repository, Digest digest)
    {
        if (await PostgresRepositoryTable.FindAsync(session, repository) is not { } id
            || await PostgresDigestLock.TakeAsync(session, id, digest) is not { IsBlob: true } held)
        {
            return DeleteOutcome.NotFound;
        }

        // 0, 2, 3: Blob, Either, Foreign. A manifest of the same digest satisfies Either, too.
        var isDemanded = await session.ExistsAsync(
            "SELECT 1 FROM manifest_references WHERE digest = $2 AND repository_id = $1 AND is_demanded AND (kind IN (0, 3) OR kind = 2 AND NOT $3) LIMIT 1",
            id, digest.Value, held.ManifestId is not null);
        if (isDemanded)
        {
            return DeleteOutcome.InUse;
        }

        await session.ExecuteAsync("DELETE FROM repository_blobs WHERE repository_id = $1 AND digest = $2", id, digest.Value);
        return DeleteOutcome.Deleted;
    }
}
