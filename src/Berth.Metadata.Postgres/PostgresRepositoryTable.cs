namespace Berth.Metadata.Postgres;

internal sealed class PostgresRepositoryTable(PostgresDatabase database) : IRepositoryTable
{
    public async Task<IReadOnlyList<RepositoryName>> ListAsync(string? last, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.ListAsync(
                """
                SELECT name FROM repositories
                WHERE has_manifests AND name > $1 AND EXISTS (SELECT 1 FROM manifests WHERE repository_id = repositories.id)
                ORDER BY name LIMIT $2
                """,
                row => row.GetRepository(0),
                PostgresColumns.ToBound(last), limit),
            cancellationToken);

    public static Task<long?> FindAsync(PostgresSession session, RepositoryName repository) =>
        session.FindAsync<long?>("SELECT id FROM repositories WHERE name = $1", row => row.GetInt64(0), repository.Value);

    public static Task<PostgresRepository?> LockAsync(PostgresSession session, RepositoryName repository) =>
        session.FindAsync(
            "SELECT id, has_manifests FROM repositories WHERE name = $1 FOR KEY SHARE",
            row => new PostgresRepository(row.GetInt64(0), row.GetBoolean(1)),
            repository.Value);

    public static async Task<PostgresRepository> LockOrCreateAsync(PostgresSession session, RepositoryName repository, long now)
    {
        while (true)
        {
            if (await LockAsync(session, repository) is { } found)
            {
                return found;
            }

            // Does nothing when somebody else is creating it, after waiting for them.
            await session.ExecuteAsync(
                "INSERT INTO repositories (name, created_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", repository.Value, now);
        }
    }
}
