namespace Berth.Metadata.Postgres;

/// <summary>What a repository has under a digest, locked against everybody who wants to rely on it or delete it.</summary>
/// <remarks>
/// A push locks what it demands against deletion (<see cref="PostgresReferences"/>), a deletion locks it against everything; so one of the two
/// waits until the other has committed, and what it reads next tells it. All lock blobs before manifests, each in the order of digests, so that
/// nobody waits in a circle.
/// </remarks>
internal sealed record PostgresDigestLock(bool IsBlob, long? ManifestId)
{
    public static async Task<PostgresDigestLock> TakeAsync(PostgresSession session, long repositoryId, Digest digest)
    {
        var isBlob = await session.ExistsAsync(
            "SELECT 1 FROM repository_blobs WHERE repository_id = $1 AND digest = $2 FOR UPDATE", repositoryId, digest.Value);
        var manifestId = await session.FindAsync<long?>(
            "SELECT id FROM manifests WHERE repository_id = $1 AND digest = $2 FOR UPDATE", row => row.GetInt64(0), repositoryId, digest.Value);
        return new PostgresDigestLock(isBlob, manifestId);
    }
}
