using System.Runtime.CompilerServices;
using Berth.Storage;

namespace Berth.Metadata.Postgres;

/// <summary>Finds what must not be in the database. The invariants are those of <c>fsck</c>.</summary>
/// <remarks>Each row is read together with what belongs to it, at one moment, so that nodes may go on working meanwhile.</remarks>
internal sealed class PostgresCheck(PostgresDatabase database)
{
    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<Finding?>[] checks =
        [
            CheckConstraintsAsync(cancellationToken),
            CheckTagsAsync(cancellationToken),
            CheckLinksAsync(cancellationToken),
            CheckUploadKeysAsync(cancellationToken),
            CheckPendingKeysAsync(cancellationToken),
            CheckRepositoriesAsync(cancellationToken),
            CheckManifestsAsync(cancellationToken),
        ];
        foreach (var check in checks)
        {
            await foreach (var finding in GuardAsync(check))
            {
                yield return finding;
            }
        }
    }

    /// <summary>Leaves out what is right, and makes a finding of the error that ends a check, so that the other checks still run.</summary>
    private static async IAsyncEnumerable<Finding> GuardAsync(IAsyncEnumerable<Finding?> findings)
    {
        await using var enumerator = findings.GetAsyncEnumerator();
        for (var goesOn = true; goesOn;)
        {
            Finding? finding = null;
            try
            {
                goesOn = await enumerator.MoveNextAsync();
                finding = goesOn ? enumerator.Current : null;
            }
            catch (StorageException error)
            {
                (goesOn, finding) = (false, new Finding("F9", "database", $"a check could not go on: {error.Message}"));
            }

            if (finding is not null)
            {
                yield return finding;
            }
        }
    }

    /// <summary>What PostgreSQL itself promises about the rows.</summary>
    private async IAsyncEnumerable<Finding?> CheckConstraintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var broken = await database.ReadAsync(
            session => session.ListAsync(
                """
                SELECT conrelid::regclass::text, conname FROM pg_constraint
                WHERE connamespace = current_schema()::regnamespace AND NOT convalidated
                UNION ALL
                SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                WHERE relnamespace = current_schema()::regnamespace AND NOT indisvalid
                """,
                row => new Finding("F9", row.GetString(0), $"PostgreSQL does not vouch for {row.GetString(1)}")),
            cancellationToken);
        foreach (var finding in broken)
        {
            yield return finding;
        }
    }

    private IAsyncEnumerable<Finding?> CheckTagsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            """
            SELECT tag.repository_id, tag.name, repositories.name, manifests.id IS NOT NULL FROM (
                SELECT * FROM tags WHERE (repository_id, name) > ($1, $2) ORDER BY repository_id, name LIMIT $3) AS tag
            LEFT JOIN repositories ON repositories.id = tag.repository_id
            LEFT JOIN manifests ON manifests.id = tag.manifest_id AND manifests.repository_id = tag.repository_id
            ORDER BY tag.repository_id, tag.name
            """,
            row => (RepositoryId: row.GetInt64(0), Name: row.GetString(1), Repository: row.FindString(2), IsRight: row.GetBoolean(3)),
            [0L, ""],
            tag => [tag.RepositoryId, tag.Name],
            cancellationToken)
        .Select(tag => tag.IsRight
            ? null
            : new Finding("F1", $"{tag.Repository ?? "(no repository)"}:{tag.Name}", "the tag points at no manifest of its repository"));

    private IAsyncEnumerable<Finding?> CheckLinksAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            """
            SELECT link.repository_id, link.digest, repositories.id IS NOT NULL AND blobs.digest IS NOT NULL FROM (
                SELECT * FROM repository_blobs WHERE (repository_id, digest) > ($1, $2) ORDER BY repository_id, digest LIMIT $3) AS link
            LEFT JOIN repositories ON repositories.id = link.repository_id
            LEFT JOIN blobs ON blobs.digest = link.digest
            ORDER BY link.repository_id, link.digest
            """,
            row => (RepositoryId: row.GetInt64(0), Digest: row.GetString(1), IsRight: row.GetBoolean(2)),
            [0L, ""],
            link => [link.RepositoryId, link.Digest],
            cancellationToken)
        .Select(link => link.IsRight ? null : new Finding("F9", "repository_blobs", $"a row points at no repository, or at no blob {link.Digest}"));

    private IAsyncEnumerable<Finding?> CheckUploadKeysAsync(CancellationToken cancellationToken) =>
        CheckKeysAsync(
            """
            SELECT upload.key, CASE
                WHEN EXISTS (SELECT 1 FROM blobs WHERE key = upload.key) THEN 'uploads and blobs'
                WHEN EXISTS (SELECT 1 FROM pending_deletes WHERE key = upload.key) THEN 'uploads and pending deletes' END
            FROM (SELECT key FROM uploads WHERE key > $1 ORDER BY key LIMIT $2) AS upload ORDER BY upload.key
            """,
            cancellationToken);

    private IAsyncEnumerable<Finding?> CheckPendingKeysAsync(CancellationToken cancellationToken) =>
        CheckKeysAsync(
            """
            SELECT pending.key, CASE WHEN EXISTS (SELECT 1 FROM blobs WHERE key = pending.key) THEN 'blobs and pending deletes' END
            FROM (SELECT key FROM pending_deletes WHERE key > $1 ORDER BY key LIMIT $2) AS pending ORDER BY pending.key
            """,
            cancellationToken);

    private IAsyncEnumerable<Finding?> CheckKeysAsync(string query, CancellationToken cancellationToken) =>
        database.WalkAsync(query, row => (Key: row.GetString(0), Places: row.FindString(1)), [""], found => [found.Key], cancellationToken)
            .Select(found => found.Places is null ? null : new Finding("F5", found.Key, $"the key is in {found.Places}"));

    /// <summary>That a repository is said to have manifests and has none is allowed, see <see cref="PostgresManifestTable"/>.</summary>
    private IAsyncEnumerable<Finding?> CheckRepositoriesAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            """
            SELECT id, name, has_manifests OR NOT EXISTS (SELECT 1 FROM manifests WHERE repository_id = repositories.id) FROM repositories
            WHERE id > $1 ORDER BY id LIMIT $2
            """,
            row => (Id: row.GetInt64(0), Name: row.GetString(1), IsRight: row.GetBoolean(2)),
            [0L],
            repository => [repository.Id],
            cancellationToken)
        .Select(repository => repository.IsRight
            ? null
            : new Finding("F7", repository.Name, "whether the repository has manifests is recorded wrongly"));

    private async IAsyncEnumerable<Finding?> CheckManifestsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var last = 0L; await PostgresManifestRecord.FindAfterAsync(database, last, cancellationToken) is { } manifest; last = manifest.Id)
        {
            var subject = $"{manifest.Repository}@{manifest.Digest}";
            foreach (var difference in manifest.FindDifferences())
            {
                yield return new Finding("F7", subject, difference);
            }

            foreach (var problem in await database.ReadAsync(session => FindBrokenReferencesAsync(session, manifest.Id), cancellationToken))
            {
                yield return new Finding("F3", subject, problem);
            }
        }
    }

    // The numbers are those of ReferenceKind: 0 Blob, 1 Manifest, 2 Either, 3 Foreign.
    private static Task<List<string>> FindBrokenReferencesAsync(PostgresSession session, long manifestId) =>
        session.ListAsync(
            """
            SELECT wanted.digest, blobs.size IS NOT NULL OR child.size IS NOT NULL FROM manifest_references AS wanted
            LEFT JOIN repository_blobs AS link ON link.repository_id = wanted.repository_id AND link.digest = wanted.digest
            LEFT JOIN blobs ON blobs.digest = link.digest
            LEFT JOIN manifests AS child ON child.repository_id = wanted.repository_id AND child.digest = wanted.digest
            WHERE wanted.manifest_id = $1 AND wanted.is_demanded AND NOT (
                wanted.kind IN (0, 2, 3) AND blobs.size IS NOT DISTINCT FROM wanted.size
                OR wanted.kind IN (1, 2) AND child.size IS NOT DISTINCT FROM wanted.size)
            ORDER BY wanted.digest
            """,
            row => row.GetBoolean(1)
                ? $"what the repository has as {row.GetString(0)} is of another kind or size"
                : $"the repository has no {row.GetString(0)}",
            manifestId);
}
