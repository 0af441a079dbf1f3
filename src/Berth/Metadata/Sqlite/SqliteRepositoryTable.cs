namespace Berth.Metadata.Sqlite;

internal sealed class SqliteRepositoryTable(SqliteDatabase database) : IRepositoryTable
{
    public async Task<IReadOnlyList<RepositoryName>> ListAsync(string? last, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection => connection.List(
                """
                SELECT name FROM repositories WHERE has_manifests = 1 AND name > ?1 ORDER BY name LIMIT ?2
                """,
                row => row.GetRepository(0),
                last ?? "", limit),
            cancellationToken);

    public static long? Find(PreparedConnection connection, RepositoryName repository) =>
        connection.Find<long?>("SELECT id FROM repositories WHERE name = ?1", row => row.GetInt64(0), repository.Value);

    public static long FindOrCreate(PreparedConnection connection, RepositoryName repository, long now) =>
        Find(connection, repository)
        ?? connection.Find(
            "INSERT INTO repositories (name, created_at) VALUES (?1, ?2) RETURNING id", row => row.GetInt64(0), repository.Value, now);
}
