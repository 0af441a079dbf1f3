using System.Runtime.CompilerServices;
using Berth.Blobs;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Metadata.Postgres;

internal sealed class PostgresInspection(PostgresDatabase database) : IMetadataInspection
{
    public IAsyncEnumerable<BlobRow> ListBlobsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            "SELECT digest, key, size FROM blobs WHERE digest > $1 ORDER BY digest LIMIT $2",
            row => new BlobRow(row.GetDigest(0), row.GetKey(1), row.GetInt64(2)),
            [""],
            blob => [blob.Digest.Value],
            cancellationToken);

    public IAsyncEnumerable<UploadRow> ListUploadsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            $"SELECT {PostgresUploadTable.Columns} FROM uploads WHERE key > $1 ORDER BY key LIMIT $2",
            PostgresUploadTable.ReadUpload,
            [""],
            upload => [upload.Key.ToString()],
            cancellationToken);

    public async IAsyncEnumerable<StoredManifest> ListManifestsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One at a time: a page of manifests could be gigabytes.
        for (var last = 0L; await PostgresManifestRecord.FindAfterAsync(database, last, cancellationToken) is { } manifest; last = manifest.Id)
        {
            yield return manifest.Stored;
        }
    }

    public async Task<IReadOnlyList<KeyState>> FindKeyAsync(BlobKey key, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            session => session.ListAsync(
                """
                SELECT 0 FROM uploads WHERE key = $1
                UNION ALL SELECT 1 FROM blobs WHERE key = $1
                UNION ALL SELECT 2 FROM pending_deletes WHERE key = $1
                """,
                row => (KeyState)row.GetInt32(0),
                key.ToString()),
            cancellationToken);

    public IAsyncEnumerable<Finding> CheckAsync(CancellationToken cancellationToken) => new PostgresCheck(database).RunAsync(cancellationToken);
}
