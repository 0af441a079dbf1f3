namespace Berth.Metadata.Postgres;

internal sealed class PostgresIdentity(PostgresDatabase database) : IRegistryIdentity
{
    public Task<Guid> GetIdAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.FindAsync("SELECT id FROM registry", row => row.GetGuid(0)), cancellationToken);

    public Task<bool> IsServedAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.FindAsync("SELECT is_served FROM registry", row => row.GetBoolean(0)), cancellationToken);

    public Task MarkServedAsync(CancellationToken cancellationToken) =>
        database.ChangeAsync(session => session.ExecuteAsync("UPDATE registry SET is_served = true WHERE NOT is_served"), cancellationToken);

    public async Task<bool> TryClaimAsync(Guid origin, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.ExistsAsync("SELECT 1 FROM registry WHERE NOT is_served AND origin = $1", origin), cancellationToken)
        || await database.ChangeAsync(
            async session => await session.ExecuteAsync("UPDATE registry SET origin = $1 WHERE NOT is_served AND origin IS NULL", origin) > 0,
            cancellationToken);
}
