using Berth.Storage;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

/// <summary>Finds what must not be in the database. The invariants are those of <c>fsck</c>.</summary>
internal sealed class SqliteCheck(PreparedConnection connection)
{
    /// <summary>Each check sees one moment of the database, so that a server may go on working beside it.</summary>
    public IEnumerable<Finding> Run(CancellationToken cancellationToken) =>
        new[] { CheckIntegrity(), CheckForeignKeys(), CheckTags(), CheckReferences(), CheckKeys(), CheckRepositories(), CheckManifests() }
            .SelectMany(findings => Guard(findings, cancellationToken));

    /// <summary>Makes a finding of the error that ends a check, so that the other checks still run.</summary>
    private static IEnumerable<Finding> Guard(IEnumerable<Finding> findings, CancellationToken cancellationToken)
    {
        using var enumerator = findings.GetEnumerator();
        while (true)
        {
            Finding? broken = null;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!enumerator.MoveNext())
                {
                    yield break;
                }
            }
            catch (Exception error) when (error is SqliteException or StorageException)
            {
                cancellationToken.ThrowIfCancellationRequested(); // which is how a statement that was interrupted ends
                broken = new Finding("F9", "database", $"a check could not go on: {error.Message}");
            }

            yield return broken ?? enumerator.Current;
            if (broken is not null)
            {
                yield break;
            }
        }
    }

    private IEnumerable<Finding> CheckIntegrity() =>
        connection.Stream("PRAGMA integrity_check", row => row.GetString(0))
            .Where(line => line != "ok")
            .Select(line => new Finding("F9", "database", line));

    private IEnumerable<Finding> CheckForeignKeys() =>
        connection.Stream(
            "PRAGMA foreign_key_check",
            row => new Finding("F9", row.GetString(0), $"a row points into {row.GetString(2)}, where there is no such row"));

    private IEnumerable<Finding> CheckTags() =>
        connection.Stream(
            """
            SELECT repositories.name, tags.name FROM tags
            LEFT JOIN repositories ON repositories.id = tags.repository_id
            LEFT JOIN manifests ON manifests.id = tags.manifest_id AND manifests.repository_id = tags.repository_id
            WHERE manifests.id IS NULL
            """,
            row => new Finding(
                "F1", $"{row.FindString(0) ?? "(no repository)"}:{row.GetString(1)}", "the tag points at no manifest of its repository"));

    // The numbers are those of ReferenceKind: 0 Blob, 1 Manifest, 2 Either, 3 Foreign.
    private IEnumerable<Finding> CheckReferences() =>
        connection.Stream(
            """
            SELECT repositories.name, owner.digest, wanted.digest, blobs.size, child.size FROM manifest_references AS wanted
            JOIN manifests AS owner ON owner.id = wanted.manifest_id
            JOIN repositories ON repositories.id = owner.repository_id
            LEFT JOIN repository_blobs AS link ON link.repository_id = owner.repository_id AND link.digest = wanted.digest
            LEFT JOIN blobs ON blobs.digest = link.digest
            LEFT JOIN manifests AS child ON child.repository_id = owner.repository_id AND child.digest = wanted.digest
            WHERE wanted.is_demanded = 1 AND NOT (
                wanted.kind IN (0, 2, 3) AND blobs.size IS wanted.size OR wanted.kind IN (1, 2) AND child.size IS wanted.size)
            """,
            row => new Finding(
                "F3",
                $"{row.GetString(0)}@{row.GetString(1)}",
                row.IsDBNull(3) && row.IsDBNull(4)
                    ? $"the repository has no {row.GetString(2)}"
                    : $"what the repository has as {row.GetString(2)} is of another kind or size"));

    private IEnumerable<Finding> CheckKeys() =>
        connection.Stream(
            """
            SELECT key, 'uploads and blobs' FROM uploads JOIN blobs USING (key)
            UNION ALL SELECT key, 'uploads and pending deletes' FROM uploads JOIN pending_deletes USING (key)
            UNION ALL SELECT key, 'blobs and pending deletes' FROM blobs JOIN pending_deletes USING (key)
            """,
            row => new Finding("F5", row.GetString(0), $"the key is in {row.GetString(1)}"));

    private IEnumerable<Finding> CheckRepositories() =>
        connection.Stream(
            """
            SELECT name FROM repositories
            WHERE has_manifests <> EXISTS (SELECT 1 FROM manifests WHERE repository_id = repositories.id)
            """,
            row => new Finding("F7", row.GetString(0), "whether the repository has manifests is recorded wrongly"));

    private IEnumerable<Finding> CheckManifests()
    {
        for (var last = 0L; SqliteManifestRecord.FindAfter(connection, last) is { } manifest; last = manifest.Id)
        {
            foreach (var difference in manifest.FindDifferences())
            {
                yield return new Finding("F7", $"{manifest.Repository}@{manifest.Digest}", difference);
            }
        }
    }
}
