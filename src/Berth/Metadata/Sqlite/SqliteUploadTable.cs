using Berth.Storage;
using Berth.Uploads;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

internal sealed class SqliteUploadTable(SqliteDatabase database) : IUploadTable
{
    /// <summary>The columns that <see cref="ReadUpload"/> reads.</summary>
    public const string Columns = "id, key, repository, algorithm, offset, parts, hash_state, owner";

    private static readonly long FinishedKept = (long)TimeSpan.FromHours(24).TotalMilliseconds;

    public Task CreateAsync(UploadRow upload, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            Touch.Nothing,
            connection => connection.Execute(
                """
                INSERT INTO uploads (key, id, repository, algorithm, offset, created_at, updated_at, owner)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
                """,
                upload.Key.ToString(), upload.Id.Value, upload.Repository.Value, upload.Algorithm.Name, upload.Offset, database.Now, upload.Owner),
            cancellationToken);

    public Task<UploadRow?> FindAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => connection.Find(
                $"SELECT {Columns} FROM uploads WHERE id = ?1 AND repository = ?2",
                ReadUpload,
                id.Value, repository.Value),
            cancellationToken);

    public Task<bool> AdvanceAsync(UploadRow upload, UploadRow next, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            Touch.Nothing,
            connection => connection.Execute(
                """
                UPDATE uploads SET offset = ?4, parts = ?5, hash_state = ?6, updated_at = ?7 WHERE id = ?1 AND offset = ?2 AND parts IS ?3
                """,
                upload.Id.Value, upload.Offset, upload.Parts, next.Offset, next.Parts, next.HashState, database.Now) > 0,
            cancellationToken);

    public Task<bool> AttachAsync(UploadRow upload, Digest digest, long size, BlobKey? damaged, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            damaged is null ? upload.Repository : Touch.Everything, // healing gives the blob another key, for whoever has a link to it
            connection => Attach(connection, upload, digest, size, damaged),
            cancellationToken);

    public Task<FinishedUpload?> FindFinishedAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => connection.Find(
                "SELECT digest, owner FROM finished_uploads WHERE id = ?1 AND repository = ?2 AND finished_at >= ?3",
                row => new FinishedUpload(row.GetDigest(0), row.FindString(1)),
                id.Value, repository.Value, database.Now - FinishedKept),
            cancellationToken);

    public Task<bool> DiscardAsync(UploadRow upload, Digest? committedAs, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            Touch.Nothing,
            connection =>
            {
                var isTaken = Take(connection, upload);
                if (isTaken)
                {
                    SqlitePendingDeleteTable.Add(connection, upload.Key, committedAs, database.Now);
                }

                return isTaken;
            },
            cancellationToken);

    public async Task<IReadOnlyList<UploadRow>> ListIdleAsync(DateTimeOffset idleSince, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection => connection.List(
                $"""
                SELECT {Columns} FROM uploads
                WHERE updated_at < ?1 ORDER BY updated_at LIMIT ?2
                """,
                ReadUpload,
                idleSince.ToUnixTimeMilliseconds(), limit),
            cancellationToken);

    public static UploadRow ReadUpload(SqliteDataReader row) =>
        new(row.GetUploadId(0), row.GetKey(1), row.GetRepository(2), row.GetAlgorithm(3), row.GetInt64(4), row.FindString(5), row.FindString(6), row.FindString(7));

    private bool Attach(PreparedConnection connection, UploadRow upload, Digest digest, long size, BlobKey? damaged)
    {
        if (!Take(connection, upload))
        {
            return false;
        }

        var stored = SqliteBlobTable.FindAnywhere(connection, digest);
        if (stored is null)
        {
            connection.Execute(
                "INSERT INTO blobs (digest, key, size, created_at) VALUES (?1, ?2, ?3, ?4)",
                digest.Value, upload.Key.ToString(), size, database.Now);
        }
        else if (stored.Key == damaged)
        {
            connection.Execute("UPDATE blobs SET key = ?2, size = ?3 WHERE digest = ?1", digest.Value, upload.Key.ToString(), size);
            SqlitePendingDeleteTable.Add(connection, stored.Key, digest, database.Now);
        }
        else
        {
            SqlitePendingDeleteTable.Add(connection, upload.Key, digest, database.Now);
        }

        SqliteBlobTable.Link(connection, upload.Repository, digest, database.Now);
        connection.Execute(
            "INSERT INTO finished_uploads (id, repository, digest, finished_at, owner) VALUES (?1, ?2, ?3, ?4, ?5)",
            upload.Id.Value, upload.Repository.Value, digest.Value, database.Now, upload.Owner);
        ForgetFinished(connection);
        return true;
    }

    /// <summary>A few old ones each time: the table stays small, and no transaction is long.</summary>
    private void ForgetFinished(PreparedConnection connection) =>
        connection.Execute(
            """
            DELETE FROM finished_uploads WHERE id IN
                (SELECT id FROM finished_uploads WHERE finished_at < ?1 ORDER BY finished_at LIMIT 4)
            """,
            database.Now - FinishedKept);

    /// <summary>Removes a session, so that nobody else can finish or end it.</summary>
    private static bool Take(PreparedConnection connection, UploadRow upload) =>
        connection.Execute(
            "DELETE FROM uploads WHERE id = ?1 AND offset = ?2 AND parts IS ?3", upload.Id.Value, upload.Offset, upload.Parts) > 0;
}
