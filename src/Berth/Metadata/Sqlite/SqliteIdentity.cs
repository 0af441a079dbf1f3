namespace Berth.Metadata.Sqlite;

internal sealed class SqliteIdentity(SqliteDatabase database) : IRegistryIdentity
{
    public Task<Guid> GetIdAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => connection.Find(
                "SELECT id FROM registry", row => Guid.TryParseExact(row.GetString(0), "N", out var id) ? id : throw row.Damaged(0)),
            cancellationToken);

    public Task<bool> IsServedAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.Find("SELECT is_served FROM registry", row => row.GetBoolean(0)), cancellationToken);

    public Task MarkServedAsync(CancellationToken cancellationToken) =>
        database.ChangeAsync(Touch.Nothing, connection => connection.Execute("UPDATE registry SET is_served = 1"), cancellationToken);

    public async Task<bool> TryClaimAsync(Guid origin, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection => connection.Find("SELECT 1 FROM registry WHERE is_served = 0 AND origin = ?1", _ => true, origin.ToString("N")), cancellationToken)
        || await database.ChangeAsync(
            Touch.Nothing,
            connection => connection.Execute("UPDATE registry SET origin = ?1 WHERE is_served = 0 AND origin IS NULL", origin.ToString("N")) > 0,
            cancellationToken);
}
