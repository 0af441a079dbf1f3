using Berth.Blobs;

namespace Berth.Metadata.Sqlite;

internal sealed class SqliteBlobTable(SqliteDatabase database) : IBlobTable
{
    private readonly RememberedRows<BlobRow> _linked = new(database.Memory);

    public Task<BlobRow?> FindAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        _linked.TryFind(repository, digest.Value, out var version, out var row)
            ? row
            : _linked.RememberAsync(repository, digest.Value, version, ReadAsync(repository, digest, cancellationToken));

    public Task<BlobRow?> FindAnywhereAsync(Digest digest, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => FindAnywhere(connection, digest), cancellationToken);

    public Task<bool> LinkAsync(RepositoryName repository, Digest digest, RepositoryName? source, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            repository,
            connection =>
            {
                var isThere = source is { } from
                    ? SqliteRepositoryTable.Find(connection, from) is { } id && FindLinkedSize(connection, id, digest) is not null
                    : FindAnywhere(connection, digest) is not null;
                if (isThere)
                {
                    Link(connection, repository, digest, database.Now);
                }

                return isThere;
            },
            cancellationToken);

    public Task<DeleteOutcome> UnlinkAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        database.ChangeAsync(repository, connection => Unlink(connection, repository, digest), cancellationToken);

    public static BlobRow? FindAnywhere(PreparedConnection connection, Digest digest) =>
        connection.Find(
            "SELECT key, size FROM blobs WHERE digest = ?1", row => new BlobRow(digest, row.GetKey(0), row.GetInt64(1)), digest.Value);

    /// <summary>The size of a blob that a repository has a link to.</summary>
    public static long? FindLinkedSize(PreparedConnection connection, long repositoryId, Digest digest) =>
        connection.Find<long?>(
            """
            SELECT blobs.size FROM repository_blobs JOIN blobs ON blobs.digest = repository_blobs.digest
            WHERE repository_blobs.repository_id = ?1 AND repository_blobs.digest = ?2
            """,
            row => row.GetInt64(0),
            repositoryId, digest.Value);

    public static void Link(PreparedConnection connection, RepositoryName repository, Digest digest, long now) =>
        connection.Execute(
            "INSERT INTO repository_blobs (repository_id, digest, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            SqliteRepositoryTable.FindOrCreate(connection, repository, now), digest.Value, now);

    private Task<BlobRow?> ReadAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => connection.Find(
                """
                SELECT blobs.key, blobs.size FROM repositories
                JOIN repository_blobs ON repository_blobs.repository_id = repositories.id AND repository_blobs.digest = ?2
                JOIN blobs ON blobs.digest = repository_blobs.digest
                WHERE repositories.name = ?1
                """,
                row => new BlobRow(digest, row.GetKey(0), row.GetInt64(1)),
                repository.Value, digest.Value),
            cancellationToken);

    private static DeleteOutcome Unlink(PreparedConnection connection, RepositoryName repository, Digest digest)
    {
        if (SqliteRepositoryTable.Find(connection, repository) is not { } id || FindLinkedSize(connection, id, digest) is null)
        {
            return DeleteOutcome.NotFound;
        }

        // 0, 2, 3: Blob, Either, Foreign. A manifest of the same digest satisfies Either, too.
        var isDemanded = connection.Find(
            """
            SELECT EXISTS (
                SELECT 1 FROM manifest_references
                WHERE digest = ?2 AND repository_id = ?1 AND is_demanded = 1
                AND (kind IN (0, 3) OR kind = 2 AND NOT EXISTS (SELECT 1 FROM manifests WHERE repository_id = ?1 AND digest = ?2)))
            """,
            row => row.GetBoolean(0),
            id, digest.Value);
        if (isDemanded)
        {
            return DeleteOutcome.InUse;
        }

        connection.Execute("DELETE FROM repository_blobs WHERE repository_id = ?1 AND digest = ?2", id, digest.Value);
        return DeleteOutcome.Deleted;
    }
}
