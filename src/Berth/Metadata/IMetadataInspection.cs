using Berth.Blobs;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Metadata;

/// <summary>Reads the whole database for <c>fsck</c> and recovery. Nothing here serves a request.</summary>
public interface IMetadataInspection
{
    IAsyncEnumerable<BlobRow> ListBlobsAsync(CancellationToken cancellationToken);

    IAsyncEnumerable<UploadRow> ListUploadsAsync(CancellationToken cancellationToken);

    /// <summary>Every manifest of every repository.</summary>
    IAsyncEnumerable<StoredManifest> ListManifestsAsync(CancellationToken cancellationToken);

    /// <summary>Where a key stands, read at one moment; more than one answer is a breach of R1.</summary>
    Task<IReadOnlyList<KeyState>> FindKeyAsync(BlobKey key, CancellationToken cancellationToken);

    /// <summary>Breaches that the database alone shows: what its own integrity check says, dangling tags and references, keys in two states.</summary>
    IAsyncEnumerable<Finding> CheckAsync(CancellationToken cancellationToken);
}
