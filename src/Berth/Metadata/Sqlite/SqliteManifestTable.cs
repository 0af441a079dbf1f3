using System.Runtime.InteropServices;
using System.Text.Json;
using Berth.Manifests;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

internal sealed class SqliteManifestTable(SqliteDatabase database) : IManifestTable
{
    private const string Whole = "SELECT manifests.digest, media_type, content";
    private const string Head = "SELECT manifests.digest, media_type, length(content)";

    private const string ByTag =
        """
         FROM repositories
        JOIN tags ON tags.repository_id = repositories.id AND tags.name = ?2
        JOIN manifests ON manifests.id = tags.manifest_id
        WHERE repositories.name = ?1
        """;

    private const string ByDigest =
        """
         FROM repositories
        JOIN manifests ON manifests.repository_id = repositories.id AND manifests.digest = ?2
        WHERE repositories.name = ?1
        """;

    private readonly RememberedRows<ManifestHead> _heads = new(database.Memory);

    public Task<ManifestHead?> ResolveAsync(RepositoryName repository, Reference reference, CancellationToken cancellationToken)
    {
        var name = reference.Tag?.Value ?? reference.Digest!.Value.Value;
        return _heads.TryFind(repository, name, out var version, out var head)
            ? head
            : _heads.RememberAsync(repository, name, version, FindAsync(Head, ReadHead, repository, reference, cancellationToken));
    }

    public Task<ManifestRow?> FindAsync(RepositoryName repository, Reference reference, CancellationToken cancellationToken) =>
        FindAsync(Whole, ReadManifest, repository, reference, cancellationToken);

    public async Task<IReadOnlyList<MissingReference>> PutAsync(ManifestPush push, CancellationToken cancellationToken) =>
        await database.ChangeAsync(push.Repository, connection => Put(connection, push), cancellationToken);

    public Task<DeleteOutcome> DeleteAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        database.ChangeAsync(repository, connection => Delete(connection, repository, digest), cancellationToken);

    public static long? FindId(PreparedConnection connection, long repositoryId, Digest digest) =>
        connection.Find<long?>(
            "SELECT id FROM manifests WHERE repository_id = ?1 AND digest = ?2", row => row.GetInt64(0), repositoryId, digest.Value);

    private static ManifestRow ReadManifest(SqliteDataReader row) => new(row.GetDigest(0), row.GetString(1), row.GetBytes(2));

    private static ManifestHead ReadHead(SqliteDataReader row) => new(row.GetDigest(0), row.GetString(1), row.GetInt32(2));

    private Task<T?> FindAsync<T>(
        string columns, Func<SqliteDataReader, T> read, RepositoryName repository, Reference reference, CancellationToken cancellationToken)
        where T : class =>
        database.ReadAsync(
            connection => reference.Tag is { } tag
                ? connection.Find(columns + ByTag, read, repository.Value, tag.Value)
                : connection.Find(columns + ByDigest, read, repository.Value, reference.Digest?.Value),
            cancellationToken);

    private List<MissingReference> Put(PreparedConnection connection, ManifestPush push)
    {
        var missing = FindMissing(connection, push);
        if (missing.Count > 0)
        {
            return missing;
        }

        var now = database.Now;
        var repositoryId = SqliteRepositoryTable.FindOrCreate(connection, push.Repository, now);
        var id = FindId(connection, repositoryId, push.Digest);
        if (id is { } known && FindMediaType(connection, known) != push.Manifest.MediaType)
        {
            // The same bytes under another type: what was read from them before was read wrongly.
            connection.Execute("DELETE FROM manifest_references WHERE manifest_id = ?1", known);
            Describe(connection, known, push);
        }

        id ??= Insert(connection, repositoryId, push, now);
        foreach (var reference in push.Manifest.References)
        {
            Insert(connection, repositoryId, id.Value, reference, IsDemanded(push, reference));
        }

        foreach (var tag in push.Tags)
        {
            SqliteTagTable.Move(connection, repositoryId, tag, id.Value, push.MayOverwrite, now);
        }

        return [];
    }

    private static bool IsDemanded(ManifestPush push, ManifestReference reference) =>
        reference.Kind != ReferenceKind.Undefined && push.Demanded.Contains(reference.Descriptor.Digest);

    private static List<MissingReference> FindMissing(PreparedConnection connection, ManifestPush push)
    {
        var repositoryId = SqliteRepositoryTable.Find(connection, push.Repository);
        var missing = new List<MissingReference>();
        foreach (var reference in push.Manifest.References.Where(reference => IsDemanded(push, reference)))
        {
            var sizes = repositoryId is { } id ? FindSizes(connection, id, reference) : [];
            if (!sizes.Contains(reference.Descriptor.Size))
            {
                missing.Add(new MissingReference(reference, sizes.Find(size => size is not null)));
            }
        }

        return missing;
    }

    /// <summary>The sizes of what may satisfy a reference.</summary>
    private static List<long?> FindSizes(PreparedConnection connection, long repositoryId, ManifestReference reference)
    {
        var digest = reference.Descriptor.Digest;
        var sizes = new List<long?>(2);
        if (reference.Kind != ReferenceKind.Manifest)
        {
            sizes.Add(SqliteBlobTable.FindLinkedSize(connection, repositoryId, digest));
        }

        if (reference.Kind is ReferenceKind.Manifest or ReferenceKind.Either)
        {
            sizes.Add(connection.Find<long?>(
                "SELECT size FROM manifests WHERE repository_id = ?1 AND digest = ?2", row => row.GetInt64(0), repositoryId, digest.Value));
        }

        return sizes;
    }

    private static string? FindMediaType(PreparedConnection connection, long id) =>
        connection.Find("SELECT media_type FROM manifests WHERE id = ?1", row => row.GetString(0), id);

    private static long Insert(PreparedConnection connection, long repositoryId, ManifestPush push, long now)
    {
        var content = push.Manifest.Content;
        var id = connection.Find(
            """
            INSERT INTO manifests (repository_id, digest, media_type, size, created_at, content)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id
            """,
            row => row.GetInt64(0),
            repositoryId, push.Digest.Value, push.Manifest.MediaType, content.Length, now, ToArray(content));
        Describe(connection, id, push);
        connection.Execute("UPDATE repositories SET has_manifests = 1 WHERE id = ?1 AND has_manifests = 0", repositoryId);
        return id;
    }

    /// <summary>Records what a manifest says about itself.</summary>
    private static void Describe(PreparedConnection connection, long id, ManifestPush push)
    {
        var manifest = push.Manifest;
        connection.Execute(
            "UPDATE manifests SET media_type = ?2, artifact_type = ?3, subject = ?4, annotations = ?5 WHERE id = ?1",
            id,
            manifest.MediaType,
            manifest.ArtifactType,
            manifest.Subject?.Digest.Value,
            manifest.Annotations is { } annotations
                ? JsonSerializer.Serialize(annotations, OciJson.Wire.IReadOnlyDictionaryStringString)
                : null);
    }

    /// <summary>A push that demands less than an earlier one of the same manifest takes nothing back.</summary>
    private static void Insert(PreparedConnection connection, long repositoryId, long manifestId, ManifestReference reference, bool isDemanded) =>
        connection.Execute(
            """
            INSERT INTO manifest_references (manifest_id, repository_id, digest, size, kind, is_demanded) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (manifest_id, digest)
            DO UPDATE SET size = excluded.size, kind = excluded.kind, is_demanded = 1 WHERE excluded.is_demanded > is_demanded
            """,
            manifestId, repositoryId, reference.Descriptor.Digest.Value, reference.Descriptor.Size, (int)reference.Kind, isDemanded);

    private static DeleteOutcome Delete(PreparedConnection connection, RepositoryName repository, Digest digest)
    {
        if (SqliteRepositoryTable.Find(connection, repository) is not { } repositoryId || FindId(connection, repositoryId, digest) is not { } id)
        {
            return DeleteOutcome.NotFound;
        }

        // 1, 2: Manifest, Either. A blob of the same digest satisfies Either, too.
        var isDemanded = connection.Find(
            """
            SELECT EXISTS (
                SELECT 1 FROM manifest_references
                WHERE digest = ?2 AND repository_id = ?1 AND is_demanded = 1 AND manifest_id <> ?3
                AND (kind = 1 OR kind = 2 AND NOT EXISTS (SELECT 1 FROM repository_blobs WHERE repository_id = ?1 AND digest = ?2)))
            """,
            row => row.GetBoolean(0),
            repositoryId, digest.Value, id);
        if (isDemanded)
        {
            return DeleteOutcome.InUse;
        }

        connection.Execute("DELETE FROM tags WHERE repository_id = ?1 AND manifest_id = ?2", repositoryId, id);
        connection.Execute("DELETE FROM manifests WHERE id = ?1", id); // takes its references along
        connection.Execute(
            "UPDATE repositories SET has_manifests = EXISTS (SELECT 1 FROM manifests WHERE repository_id = ?1) WHERE id = ?1", repositoryId);
        return DeleteOutcome.Deleted;
    }

    /// <summary>The driver takes arrays only; the content mostly is a whole one already.</summary>
    private static byte[] ToArray(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var segment) && segment is { Offset: 0, Array: { } array } && array.Length == segment.Count
            ? array
            : content.ToArray();
}
