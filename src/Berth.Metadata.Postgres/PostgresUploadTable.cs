using Berth.Storage;
using Berth.Uploads;
using Npgsql;

namespace Berth.Metadata.Postgres;

internal sealed class PostgresUploadTable(PostgresDatabase database) : IUploadTable
{
    /// <summary>The columns that <see cref="ReadUpload"/> reads.</summary>
    public const string Columns = "id, key, repository, algorithm, durable_offset, parts, hash_state, owner";

    /// <summary>The session as it was read: $1 is its id, $2 its offset, $3 its parts.</summary>
    private const string AsItWas = "id = $1 AND durable_offset = $2 AND parts IS NOT DISTINCT FROM $3";

    private static readonly long FinishedKept = (long)TimeSpan.FromHours(24).TotalMilliseconds;

    public Task CreateAsync(UploadRow upload, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            session => session.ExecuteAsync(
                """
                INSERT INTO uploads (key, id, repository, algorithm, durable_offset, parts, hash_state, created_at, updated_at, owner)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
                """,
                upload.Key.ToString(),
                upload.Id.Value,
                upload.Repository.Value,
                upload.Algorithm.Name,
                upload.Offset,
                upload.Parts,
                upload.HashState,
                database.Now,
                PostgresColumns.ToFreeText(upload.Owner)),
            cancellationToken);

    public Task<UploadRow?> FindAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.FindAsync(
                $"SELECT {Columns} FROM uploads WHERE id = $1 AND repository = $2", ReadUpload, id.Value, repository.Value),
            cancellationToken);

    public Task<bool> AdvanceAsync(UploadRow upload, UploadRow next, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async session => await session.ExecuteAsync(
                $"UPDATE uploads SET durable_offset = $4, parts = $5, hash_state = $6, updated_at = $7 WHERE {AsItWas}",
                upload.Id.Value, upload.Offset, upload.Parts, next.Offset, next.Parts, next.HashState, database.Now) > 0,
            cancellationToken);

    public Task<bool> AttachAsync(UploadRow upload, Digest digest, long size, BlobKey? damaged, CancellationToken cancellationToken) =>
        database.ChangeAsync(session => AttachAsync(session, upload, digest, size, damaged), cancellationToken);

    public Task<FinishedUpload?> FindFinishedAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.FindAsync(
                "SELECT digest, owner FROM finished_uploads WHERE id = $1 AND repository = $2 AND finished_at >= $3",
                row => new FinishedUpload(row.GetDigest(0), row.FindFreeText(1)),
                id.Value, repository.Value, database.Now - FinishedKept),
            cancellationToken);

    public Task<bool> DiscardAsync(UploadRow upload, Digest? committedAs, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async session =>
            {
                var isTaken = await TakeAsync(session, upload);
                if (isTaken)
                {
                    await PostgresPendingDeleteTable.AddAsync(session, upload.Key, committedAs, database.Now);
                }

                return isTaken;
            },
            cancellationToken);

    public async Task<IReadOnlyList<UploadRow>> ListIdleAsync(DateTimeOffset idleSince, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.ListAsync(
                $"SELECT {Columns} FROM uploads WHERE updated_at < $1 ORDER BY updated_at LIMIT $2",
                ReadUpload,
                idleSince.ToUnixTimeMilliseconds(), limit),
            cancellationToken);

    public static UploadRow ReadUpload(NpgsqlDataReader row) =>
        new(
            row.GetUploadId(0),
            row.GetKey(1),
            row.GetRepository(2),
            row.GetAlgorithm(3),
            row.GetInt64(4),
            row.FindString(5),
            row.FindString(6),
            row.FindFreeText(7));

    private async Task<bool> AttachAsync(PostgresSession session, UploadRow upload, Digest digest, long size, BlobKey? damaged)
    {
        if (!await TakeAsync(session, upload))
        {
            return false;
        }

        var now = database.Now;
        if (await StoreAsync(session, upload.Key, digest, size, damaged, now) is { } superfluous)
        {
            await PostgresPendingDeleteTable.AddAsync(session, superfluous, digest, now);
        }

        await PostgresBlobTable.LinkAsync(session, upload.Repository, digest, now);
        await session.ExecuteAsync(
            "INSERT INTO finished_uploads (id, repository, digest, finished_at, owner) VALUES ($1, $2, $3, $4, $5)",
            upload.Id.Value, upload.Repository.Value, digest.Value, now, PostgresColumns.ToFreeText(upload.Owner));
        await ForgetFinishedAsync(session, now - FinishedKept);
        return true;
    }

    /// <summary>Makes an object the one that holds a digest, if there is none yet or only the damaged one.</summary>
    /// <returns>The object that is not needed then; null when all are.</returns>
    private static async Task<BlobKey?> StoreAsync(PostgresSession session, BlobKey key, Digest digest, long size, BlobKey? damaged, long now)
    {
        while (true)
        {
            // Waits while another node stores the same digest, and does nothing if that succeeds.
            var isFirst = await session.ExecuteAsync(
                "INSERT INTO blobs (digest, key, size, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING",
                digest.Value, key.ToString(), size, now) > 0;
            if (isFirst)
            {
                return null;
            }

            var isHealed = damaged is { } old && await session.ExecuteAsync(
                "UPDATE blobs SET key = $3, size = $4 WHERE digest = $1 AND key = $2",
                digest.Value, old.ToString(), key.ToString(), size) > 0;
            if (isHealed)
            {
                return damaged;
            }

            if (await session.ExistsAsync("SELECT 1 FROM blobs WHERE digest = $1 FOR KEY SHARE", digest.Value))
            {
                return key;
            }
        }
    }

    /// <summary>A few old ones each time: the table stays small, and no transaction is long. Nodes leave to one another what they are at.</summary>
    private static Task<int> ForgetFinishedAsync(PostgresSession session, long before) =>
        session.ExecuteAsync(
            """
            DELETE FROM finished_uploads WHERE id IN (
                SELECT id FROM finished_uploads WHERE finished_at < $1 ORDER BY finished_at LIMIT 4 FOR UPDATE SKIP LOCKED)
            """,
            before);

    /// <summary>Removes a session, so that nobody else can finish or end it.</summary>
    private static async Task<bool> TakeAsync(PostgresSession session, UploadRow upload) =>
        await session.ExecuteAsync($"DELETE FROM uploads WHERE {AsItWas}", upload.Id.Value, upload.Offset, upload.Parts) > 0;
}
