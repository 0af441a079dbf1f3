using Berth.Tags;

namespace Berth.Metadata.Sqlite;

internal sealed class SqliteTagTable(SqliteDatabase database) : ITagTable
{
    public async Task<IReadOnlyList<Tag>?> ListAsync(RepositoryName repository, string? last, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection => SqliteRepositoryTable.Find(connection, repository) is { } id
                ? connection.List(
                    "SELECT name FROM tags WHERE repository_id = ?1 AND name > ?2 ORDER BY name LIMIT ?3",
                    row => row.GetTag(0),
                    id, last ?? "", limit)
                : null,
            cancellationToken);

    public Task<TagRow?> FindAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => connection.Find(
                """
                SELECT manifests.digest, manifests.media_type, manifests.size, tags.created_at, tags.updated_at FROM repositories
                JOIN tags ON tags.repository_id = repositories.id AND tags.name = ?2
                JOIN manifests ON manifests.id = tags.manifest_id
                WHERE repositories.name = ?1
                """,
                row => new TagRow(tag, row.GetDigest(0), row.GetString(1), row.GetInt64(2), row.GetTime(3), row.GetTime(4)),
                repository.Value, tag.Value),
            cancellationToken);

    public Task<bool> MoveAsync(RepositoryName repository, Tag tag, Digest digest, bool mayOverwrite, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            repository,
            connection =>
            {
                if (SqliteRepositoryTable.Find(connection, repository) is not { } repositoryId
                    || SqliteManifestTable.FindId(connection, repositoryId, digest) is not { } manifestId)
                {
                    return false;
                }

                Move(connection, repositoryId, tag, manifestId, mayOverwrite, database.Now);
                return true;
            },
            cancellationToken);

    public Task<bool> DeleteAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            repository,
            connection => connection.Execute(
                "DELETE FROM tags WHERE repository_id = (SELECT id FROM repositories WHERE name = ?1) AND name = ?2",
                repository.Value, tag.Value) > 0,
            cancellationToken);

    /// <exception cref="OciException">DENIED: the tag points at another manifest, and may not be moved.</exception>
    public static void Move(PreparedConnection connection, long repositoryId, Tag tag, long manifestId, bool mayOverwrite, long now)
    {
        var changed = connection.Execute(
            """
            INSERT INTO tags (repository_id, name, manifest_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)
            ON CONFLICT (repository_id, name) DO UPDATE SET manifest_id = excluded.manifest_id, updated_at = excluded.updated_at
            WHERE ?5 OR manifest_id = excluded.manifest_id
            """,
            repositoryId, tag.Value, manifestId, now, mayOverwrite ? 1 : 0);
        if (changed == 0)
        {
            throw new OciException(OciError.TagHeld(tag));
        }
    }
}
