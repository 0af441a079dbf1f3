using System.Runtime.CompilerServices;
using Berth.Blobs;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Metadata.Sqlite;

internal sealed class SqliteInspection(SqliteDatabase database) : IMetadataInspection
{
    public IAsyncEnumerable<BlobRow> ListBlobsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            "SELECT digest, key, size FROM blobs WHERE digest > ?1 ORDER BY digest LIMIT ?2",
            row => new BlobRow(row.GetDigest(0), row.GetKey(1), row.GetInt64(2)),
            [""],
            blob => [blob.Digest.Value],
            cancellationToken);

    public IAsyncEnumerable<UploadRow> ListUploadsAsync(CancellationToken cancellationToken) =>
        database.WalkAsync(
            $"SELECT {SqliteUploadTable.Columns} FROM uploads WHERE key > ?1 ORDER BY key LIMIT ?2",
            SqliteUploadTable.ReadUpload,
            [""],
            upload => [upload.Key.ToString()],
            cancellationToken);

    public async IAsyncEnumerable<StoredManifest> ListManifestsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var last = 0L; ;)
        {
            // One at a time: a page of manifests could be gigabytes.
            var manifest = await database.ReadAsync(connection => SqliteManifestRecord.FindAfter(connection, last), cancellationToken);
            if (manifest is null)
            {
                yield break;
            }

            yield return manifest.Stored;
            last = manifest.Id;
        }
    }

    public async Task<IReadOnlyList<KeyState>> FindKeyAsync(BlobKey key, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection => connection.List(
                """
                SELECT 0 FROM uploads WHERE key = ?1
                UNION ALL SELECT 1 FROM blobs WHERE key = ?1
                UNION ALL SELECT 2 FROM pending_deletes WHERE key = ?1
                """,
                row => (KeyState)row.GetInt32(0),
                key.ToString()),
            cancellationToken);

    public async IAsyncEnumerable<Finding> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var connection = database.OpenReader();
        await using var registration = cancellationToken.UnsafeRegister(
            static connection => ((PreparedConnection)connection!).Interrupt(), connection);
        foreach (var finding in new SqliteCheck(connection).Run(cancellationToken))
        {
            yield return finding;
        }
    }
}
