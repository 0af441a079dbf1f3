using System.Runtime.CompilerServices;
using Berth.Blobs;
using Berth.Tags;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

internal sealed class SqliteListing(SqliteDatabase database) : IMetadataListing
{
    private const int ManifestPageSize = 1000;

    /// <summary>Characters after which a page of manifests ends: one of them may demand 4 MiB of digests.</summary>
    private const int MaxCharacters = 1024 * 1024;

    public IAsyncEnumerable<StoredBlob> ListBlobsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            """
            SELECT digest, key, size, (
                SELECT repositories.name FROM repository_blobs JOIN repositories ON repositories.id = repository_blobs.repository_id
                WHERE repository_blobs.digest = blobs.digest LIMIT 1)
            FROM blobs WHERE digest > ?1 ORDER BY digest LIMIT ?2
            """,
            row => (Row: ReadBlob(row), Repository: row.IsDBNull(3) ? (RepositoryName?)null : row.GetRepository(3)),
            [""],
            blob => [blob.Row.Digest.Value],
            cancellationToken)
        .Where(blob => blob.Repository is not null)
        .Select(blob => new StoredBlob(blob.Repository!.Value, blob.Row));

    public IAsyncEnumerable<RepositoryName> ListRepositoriesAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            "SELECT name FROM repositories WHERE name > ?1 ORDER BY name LIMIT ?2",
            row => row.GetRepository(0),
            [""],
            name => [name.Value],
            cancellationToken);

    public IAsyncEnumerable<BlobRow> ListLinksAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        database.WalkAsync(
            """
            SELECT blobs.digest, blobs.key, blobs.size FROM repository_blobs JOIN blobs ON blobs.digest = repository_blobs.digest
            WHERE repository_blobs.repository_id = (SELECT id FROM repositories WHERE name = ?1) AND repository_blobs.digest > ?2
            ORDER BY repository_blobs.digest LIMIT ?3
            """,
            ReadBlob,
            [repository.Value, ""],
            blob => [repository.Value, blob.Digest.Value],
            cancellationToken);

    public async IAsyncEnumerable<ListedManifest> ListManifestsAsync(
        RepositoryName repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var last = 0L; await ReadManifestsAsync(repository, last, cancellationToken) is { Count: > 0 } page; last = page[^1].Position)
        {
            foreach (var manifest in page)
            {
                yield return manifest;
            }
        }
    }

    public IAsyncEnumerable<TagRow> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        database.WalkAsync(
            """
            SELECT tags.name, manifests.digest, manifests.media_type, manifests.size, tags.created_at, tags.updated_at
            FROM tags JOIN manifests ON manifests.id = tags.manifest_id
            WHERE tags.repository_id = (SELECT id FROM repositories WHERE name = ?1) AND tags.name > ?2
            ORDER BY tags.name LIMIT ?3
            """,
            row => new TagRow(row.GetTag(0), row.GetDigest(1), row.GetString(2), row.GetInt64(3), row.GetTime(4), row.GetTime(5)),
            [repository.Value, ""],
            tag => [repository.Value, tag.Tag.Value],
            cancellationToken);

    private async Task<List<ListedManifest>> ReadManifestsAsync(RepositoryName repository, long after, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection =>
            {
                var characters = 0L;
                return connection.ListWhile(
                    """
                    SELECT id, digest, media_type, size, subject,
                        (SELECT group_concat(digest, ' ') FROM manifest_references WHERE manifest_id = manifests.id AND is_demanded = 1)
                    FROM manifests
                    WHERE repository_id = (SELECT id FROM repositories WHERE name = ?1) AND id > ?2 ORDER BY id LIMIT ?3
                    """,
                    ReadManifest,
                    row => (characters += row.GetString(2).Length + (row.FindString(5)?.Length ?? 0)) <= MaxCharacters,
                    repository.Value, after, ManifestPageSize);
            },
            cancellationToken);

    private static BlobRow ReadBlob(SqliteDataReader row) => new(row.GetDigest(0), row.GetKey(1), row.GetInt64(2));

    private static ListedManifest ReadManifest(SqliteDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetDigest(1),
            row.GetString(2),
            row.GetInt64(3),
            row.IsDBNull(4) ? null : row.GetDigest(4),
            row.FindString(5) is { } digests ? digests.Split(' ').Select(digest => Digest.Parse(digest)).ToHashSet() : []);
}
