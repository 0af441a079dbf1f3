using Berth.Storage;

namespace Berth.Metadata.Sqlite;

internal sealed class SqlitePendingDeleteTable(SqliteDatabase database) : IPendingDeleteTable
{
    public async Task<IReadOnlyList<PendingDelete>> ListAsync(BlobKey? after, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection => connection.List(
                "SELECT key, digest FROM pending_deletes WHERE key > ?1 ORDER BY key LIMIT ?2",
                row => new PendingDelete(row.GetKey(0), row.IsDBNull(1) ? null : row.GetDigest(1)),
                after?.ToString() ?? "", limit),
            cancellationToken);

    public Task RemoveAsync(IReadOnlyCollection<BlobKey> keys, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            Touch.Nothing,
            connection => keys.Sum(key => connection.Execute("DELETE FROM pending_deletes WHERE key = ?1", key.ToString())),
            cancellationToken);

    public static void Add(PreparedConnection connection, BlobKey key, Digest? digest, long now) =>
        connection.Execute(
            "INSERT INTO pending_deletes (key, digest, created_at) VALUES (?1, ?2, ?3)", key.ToString(), digest?.Value, now);
}
