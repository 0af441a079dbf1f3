using Berth.Manifests;

namespace Berth.Metadata.Postgres;

/// <summary>The references of a manifest that is being pushed.</summary>
internal static class PostgresReferences
{
    /// <summary>Locks what the push demands, so that it stays until the push is committed.</summary>
    /// <returns>What is not there, or of another size.</returns>
    public static async Task<List<MissingReference>> LockAsync(PostgresSession session, long? repositoryId, ManifestPush push)
    {
        var demanded = push.Manifest.References.Where(reference => IsDemanded(push, reference)).ToList();
        var blobs = await LockAsync(
            session,
            """
            SELECT repository_blobs.digest, blobs.size FROM repository_blobs JOIN blobs ON blobs.digest = repository_blobs.digest
            WHERE repository_blobs.repository_id = $1 AND repository_blobs.digest = ANY($2)
            ORDER BY repository_blobs.digest FOR KEY SHARE OF repository_blobs
            """,
            repositoryId,
            demanded.Where(IsBlob));
        var manifests = await LockAsync(
            session,
            "SELECT digest, size FROM manifests WHERE repository_id = $1 AND digest = ANY($2) ORDER BY digest FOR KEY SHARE",
            repositoryId,
            demanded.Where(IsManifest));

        var missing = new List<MissingReference>();
        foreach (var reference in demanded)
        {
            var digest = reference.Descriptor.Digest;
            long? blob = IsBlob(reference) && blobs.TryGetValue(digest, out var blobSize) ? blobSize : null;
            long? manifest = IsManifest(reference) && manifests.TryGetValue(digest, out var manifestSize) ? manifestSize : null;
            if (blob != reference.Descriptor.Size && manifest != reference.Descriptor.Size)
            {
                missing.Add(new MissingReference(reference, blob ?? manifest));
            }
        }

        return missing;
    }

    /// <summary>Records all references. A push that demands less than an earlier one of the same manifest takes nothing back.</summary>
    public static async Task InsertAsync(PostgresSession session, long repositoryId, long manifestId, ManifestPush push)
    {
        var references = push.Manifest.References;
        if (references.Count == 0)
        {
            return;
        }

        await session.ExecuteAsync(
            """
            INSERT INTO manifest_references (manifest_id, repository_id, digest, size, kind, is_demanded)
            SELECT $1, $2, * FROM unnest($3, $4, $5, $6)
            ON CONFLICT (manifest_id, digest)
            DO UPDATE SET size = excluded.size, kind = excluded.kind, is_demanded = true
            WHERE excluded.is_demanded AND NOT manifest_references.is_demanded
            """,
            manifestId,
            repositoryId,
            references.Select(reference => reference.Descriptor.Digest.Value).ToArray(),
            references.Select(reference => reference.Descriptor.Size).ToArray(),
            references.Select(reference => (short)reference.Kind).ToArray(),
            references.Select(reference => IsDemanded(push, reference)).ToArray());
    }

    private static async Task<Dictionary<Digest, long>> LockAsync(
        PostgresSession session, string query, long? repositoryId, IEnumerable<ManifestReference> references)
    {
        var digests = references.Select(reference => reference.Descriptor.Digest.Value).ToArray();
        return repositoryId is null || digests.Length == 0
            ? []
            : (await session.ListAsync(query, row => (Digest: row.GetDigest(0), Size: row.GetInt64(1)), repositoryId, digests))
                .ToDictionary(found => found.Digest, found => found.Size);
    }

    private static bool IsDemanded(ManifestPush push, ManifestReference reference) =>
        reference.Kind != ReferenceKind.Undefined && push.Demanded.Contains(reference.Descriptor.Digest);

    private static bool IsBlob(ManifestReference reference) => reference.Kind != ReferenceKind.Manifest;

    private static bool IsManifest(ManifestReference reference) => reference.Kind is ReferenceKind.Manifest or ReferenceKind.Either;
}
