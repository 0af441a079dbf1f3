using System.Text;
using System.Text.Json;
using Berth.Manifests;
using Npgsql;

namespace Berth.Metadata.Postgres;

/// <remarks>
/// A repository that is said to have manifests may have none, because a deletion does not wait until it can be sure: only a list of repositories
/// reads that, and looks. That it is said to have none is always true.
/// </remarks>
internal sealed class PostgresManifestTable(PostgresDatabase database) : IManifestTable
{
    private const string Whole = "SELECT manifests.digest, media_type, content";
    private const string Head = "SELECT manifests.digest, media_type, octet_length(content)";

    private const string ByTag =
        """
         FROM repositories
        JOIN tags ON tags.repository_id = repositories.id AND tags.name = $2
        JOIN manifests ON manifests.id = tags.manifest_id
        WHERE repositories.name = $1
        """;

    private const string ByDigest =
        """
         FROM repositories
        JOIN manifests ON manifests.repository_id = repositories.id AND manifests.digest = $2
        WHERE repositories.name = $1
        """;

    public Task<ManifestHead?> ResolveAsync(RepositoryName repository, Reference reference, CancellationToken cancellationToken) =>
        FindAsync(Head, ReadHead, repository, reference, cancellationToken);

    public Task<ManifestRow?> FindAsync(RepositoryName repository, Reference reference, CancellationToken cancellationToken) =>
        FindAsync(Whole, ReadManifest, repository, reference, cancellationToken);

    public Task<IReadOnlyList<MissingReference>> PutAsync(ManifestPush push, CancellationToken cancellationToken) =>
        database.ChangeAsync(session => PutAsync(session, push), cancellationToken);

    public Task<DeleteOutcome> DeleteAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        database.ChangeAsync(session => DeleteAsync(session, repository, digest), cancellationToken);

    private static ManifestRow ReadManifest(NpgsqlDataReader row) => new(row.GetDigest(0), row.GetFreeText(1), row.GetBytes(2));

    private static ManifestHead ReadHead(NpgsqlDataReader row) => new(row.GetDigest(0), row.GetFreeText(1), row.GetInt32(2));

    private Task<T?> FindAsync<T>(
        string columns, Func<NpgsqlDataReader, T> read, RepositoryName repository, Reference reference, CancellationToken cancellationToken)
        where T : class =>
        database.ReadAsync(
            session => reference.Tag is { } tag
                ? session.FindAsync(columns + ByTag, read, repository.Value, tag.Value)
                : session.FindAsync(columns + ByDigest, read, repository.Value, reference.Digest?.Value),
            cancellationToken);

    private async Task<IReadOnlyList<MissingReference>> PutAsync(PostgresSession session, ManifestPush push)
    {
        await PostgresReferrerTable.LockAsync(session, push);
        var known = await PostgresRepositoryTable.LockAsync(session, push.Repository);
        var missing = await PostgresReferences.LockAsync(session, known?.Id, push);
        if (missing.Count > 0)
        {
            return missing;
        }

        var now = database.Now;
        var repository = known ?? await PostgresRepositoryTable.LockOrCreateAsync(session, push.Repository, now);
        var id = await FindAsync(session, repository, push) ?? await InsertAsync(session, repository, push, now);
        await PostgresReferences.InsertAsync(session, repository.Id, id, push);
        await PostgresTagTable.MoveAsync(session, repository.Id, push.Tags, id, push.MayOverwrite, now);
        return [];
    }

    /// <summary>The manifest, if it is stored, locked against other pushes of it.</summary>
    private static async Task<long?> FindAsync(PostgresSession session, PostgresRepository repository, ManifestPush push)
    {
        var mediaType = Encoding.UTF8.GetBytes(push.Manifest.MediaType);
        var (id, recorded) = await session.FindAsync(
            "SELECT id, media_type FROM manifests WHERE repository_id = $1 AND digest = $2 FOR NO KEY UPDATE",
            row => ((long?)row.GetInt64(0), row.GetBytes(1)),
            repository.Id, push.Digest.Value);
        if (id is not null && !mediaType.AsSpan().SequenceEqual(recorded))
        {
            // The same bytes under another type: what was read from them before was read wrongly.
            await session.ExecuteAsync("DELETE FROM manifest_references WHERE manifest_id = $1", id);
            await session.ExecuteAsync(
                "UPDATE manifests SET media_type = $2, artifact_type = $3, subject = $4, annotations = $5 WHERE id = $1",
                id, mediaType, ArtifactType(push), push.Manifest.Subject?.Digest.Value, Annotations(push));
        }

        return id;
    }

    private static async Task<long> InsertAsync(PostgresSession session, PostgresRepository repository, ManifestPush push, long now)
    {
        while (true)
        {
            var id = await session.FindAsync<long?>(
                """
                INSERT INTO manifests (repository_id, digest, media_type, artifact_type, subject, annotations, size, created_at, content)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (repository_id, digest) DO NOTHING RETURNING id
                """,
                row => row.GetInt64(0),
                repository.Id,
                push.Digest.Value,
                Encoding.UTF8.GetBytes(push.Manifest.MediaType),
                ArtifactType(push),
                push.Manifest.Subject?.Digest.Value,
                Annotations(push),
                (long)push.Manifest.Content.Length,
                now,
                push.Manifest.Content);
            if (id is not null && !repository.HasManifests)
            {
                await session.ExecuteAsync("UPDATE repositories SET has_manifests = true WHERE id = $1 AND NOT has_manifests", repository.Id);
            }

            if ((id ?? await FindAsync(session, repository, push)) is { } found) // another push of it was faster, and may be gone again
            {
                return found;
            }
        }
    }

    private static byte[]? ArtifactType(ManifestPush push) => PostgresColumns.ToFreeText(push.Manifest.ArtifactType);

    private static byte[]? Annotations(ManifestPush push) => push.Manifest.Annotations is { } annotations
        ? JsonSerializer.SerializeToUtf8Bytes(annotations, OciJson.Wire.IReadOnlyDictionaryStringString)
        : null;

    private static async Task<DeleteOutcome> DeleteAsync(PostgresSession session, RepositoryName repository, Digest digest)
    {
        if (await PostgresRepositoryTable.FindAsync(session, repository) is not { } repositoryId
            || await PostgresDigestLock.TakeAsync(session, repositoryId, digest) is not { ManifestId: { } id } held)
        {
            return DeleteOutcome.NotFound;
        }

        // 1, 2: Manifest, Either. A blob of the same digest satisfies Either, too.
        var isDemanded = await session.ExistsAsync(
            """
            SELECT 1 FROM manifest_references
            WHERE digest = $2 AND repository_id = $1 AND is_demanded AND manifest_id <> $3 AND (kind = 1 OR kind = 2 AND NOT $4) LIMIT 1
            """,
            repositoryId, digest.Value, id, held.IsBlob);
        if (isDemanded)
        {
            return DeleteOutcome.InUse;
        }

        await PostgresTagTable.DeleteAsync(session, repositoryId, id);
        await session.ExecuteAsync("DELETE FROM manifests WHERE id = $1", id); // takes its references along
        await NoteIfEmptyAsync(session, repositoryId);
        return DeleteOutcome.Deleted;
    }

    /// <summary>Notes that a repository has no manifests any more, unless somebody is pushing into it.</summary>
    private static async Task NoteIfEmptyAsync(PostgresSession session, long repositoryId)
    {
        var isLocked = await session.ExistsAsync(
            """
            SELECT 1 FROM repositories
            WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM manifests WHERE repository_id = $1)
            FOR UPDATE SKIP LOCKED
            """,
            repositoryId);
        if (isLocked)
        {
            // Look again: a push may have ended between the look and the lock.
            await session.ExecuteAsync(
                "UPDATE repositories SET has_manifests = false WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM manifests WHERE repository_id = $1)",
                repositoryId);
        }
    }
}
