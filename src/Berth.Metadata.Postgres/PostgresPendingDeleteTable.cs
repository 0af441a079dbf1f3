using Berth.Storage;

namespace Berth.Metadata.Postgres;

internal sealed class PostgresPendingDeleteTable(PostgresDatabase database) : IPendingDeleteTable
{
    public async Task<IReadOnlyList<PendingDelete>> ListAsync(BlobKey? after, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.ListAsync(
                "SELECT key, digest FROM pending_deletes WHERE key > $1 ORDER BY key LIMIT $2",
                row => new PendingDelete(row.GetKey(0), row.IsDBNull(1) ? null : row.GetDigest(1)),
                after?.ToString() ?? "", limit),
            cancellationToken);

    public Task RemoveAsync(IReadOnlyCollection<BlobKey> keys, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            session => session.ExecuteAsync(
                // In order, so that two nodes that remove the same keys do not wait for one another in a circle.
                "DELETE FROM pending_deletes WHERE key IN (SELECT key FROM pending_deletes WHERE key = ANY($1) ORDER BY key FOR UPDATE)",
                [keys.Select(key => key.ToString()).ToArray()]), // one argument
            cancellationToken);

    public static Task AddAsync(PostgresSession session, BlobKey key, Digest? digest, long now) =>
        session.ExecuteAsync("INSERT INTO pending_deletes (key, digest, created_at) VALUES ($1, $2, $3)", key.ToString(), digest?.Value, now);
}
