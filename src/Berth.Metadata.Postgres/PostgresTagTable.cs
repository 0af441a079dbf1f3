using Berth.Tags;

namespace Berth.Metadata.Postgres;

internal sealed class PostgresTagTable(PostgresDatabase database) : ITagTable
{
    public async Task<IReadOnlyList<Tag>?> ListAsync(RepositoryName repository, string? last, int limit, CancellationToken cancellationToken)
    {
        // A repository without tags is one row without a name.
        var tags = await database.ReadAsync(
            session => session.ListAsync<Tag?>(
                """
                SELECT page.name FROM repositories
                LEFT JOIN LATERAL (
                    SELECT name FROM tags WHERE repository_id = repositories.id AND name > $2 ORDER BY name LIMIT $3) AS page ON true
                WHERE repositories.name = $1
                ORDER BY page.name
                """,
                row => row.IsDBNull(0) ? null : row.GetTag(0),
                repository.Value, PostgresColumns.ToBound(last), limit),
            cancellationToken);
        return tags.Count == 0 ? null : [.. tags.OfType<Tag>()];
    }

    public Task<TagRow?> FindAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.FindAsync(
                """
                SELECT manifests.digest, manifests.media_type, manifests.size, tags.created_at, tags.updated_at FROM repositories
                JOIN tags ON tags.repository_id = repositories.id AND tags.name = $2
                JOIN manifests ON manifests.id = tags.manifest_id
                WHERE repositories.name = $1
                """,
                row => new TagRow(tag, row.GetDigest(0), row.GetFreeText(1), row.GetInt64(2), row.GetTime(3), row.GetTime(4)),
                repository.Value, tag.Value),
            cancellationToken);

    public Task<bool> MoveAsync(RepositoryName repository, Tag tag, Digest digest, bool mayOverwrite, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async session =>
            {
                if (await PostgresRepositoryTable.FindAsync(session, repository) is not { } repositoryId
                    || await LockManifestAsync(session, repositoryId, digest) is not { } manifestId)
                {
                    return false;
                }

                await MoveAsync(session, repositoryId, [tag], manifestId, mayOverwrite, database.Now);
                return true;
            },
            cancellationToken);

    public Task<bool> DeleteAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async session => await session.ExecuteAsync(
                "DELETE FROM tags WHERE repository_id = (SELECT id FROM repositories WHERE name = $1) AND name = $2",
                repository.Value, tag.Value) > 0,
            cancellationToken);

    /// <summary>Points tags at a manifest that the transaction has locked. All lock tags in the order of their names.</summary>
    /// <exception cref="OciException">DENIED: one of them points at another manifest, and may not be moved.</exception>
    public static async Task MoveAsync(
        PostgresSession session, long repositoryId, IReadOnlyList<Tag> tags, long manifestId, bool mayOverwrite, long now)
    {
        if (tags.Count == 0)
        {
            return;
        }

        // A tag that another transaction is creating is waited for, and compared as that one leaves it.
        var names = tags.Select(tag => tag.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var changed = await session.ListAsync(
            """
            INSERT INTO tags (repository_id, name, manifest_id, created_at, updated_at) SELECT $1, name, $3, $4, $4 FROM unnest($2) AS name
            ON CONFLICT (repository_id, name) DO UPDATE SET manifest_id = excluded.manifest_id, updated_at = excluded.updated_at
            WHERE $5 OR tags.manifest_id = excluded.manifest_id
            RETURNING name
            """,
            row => row.GetString(0),
            repositoryId, names, manifestId, now, mayOverwrite);
        if (names.Except(changed, StringComparer.Ordinal).FirstOrDefault() is { } held)
        {
            throw new OciException(OciError.TagHeld(Tag.Parse(held)));
        }
    }

    /// <summary>Deletes the tags of a manifest that the transaction has locked.</summary>
    public static Task DeleteAsync(PostgresSession session, long repositoryId, long manifestId) =>
        session.ExecuteAsync(
            """
            DELETE FROM tags WHERE repository_id = $1 AND manifest_id = $2 AND name IN (
                SELECT name FROM tags WHERE repository_id = $1 AND manifest_id = $2 ORDER BY name FOR UPDATE)
            """,
            repositoryId, manifestId);

    private static Task<long?> LockManifestAsync(PostgresSession session, long repositoryId, Digest digest) =>
        session.FindAsync<long?>(
            "SELECT id FROM manifests WHERE repository_id = $1 AND digest = $2 FOR KEY SHARE", row => row.GetInt64(0), repositoryId, digest.Value);
}
