using Berth.Blobs;
using Berth.Tags;

namespace Berth.Metadata;

/// <summary>Everything that the registry holds, in an order that is the same in every database, so that two of them can be compared.</summary>
/// <remarks>
/// A listing is read page by page, so no transaction is as long as the listing: what changes meanwhile may be in it or not.
/// </remarks>
public interface IMetadataListing
{
    /// <summary>Every blob that a repository has a link to, once, in byte order of digests.</summary>
    IAsyncEnumerable<StoredBlob> ListBlobsAsync(CancellationToken cancellationToken);

    /// <summary>Every repository, with and without manifests, in byte order of names.</summary>
    IAsyncEnumerable<RepositoryName> ListRepositoriesAsync(CancellationToken cancellationToken);

    /// <summary>The blobs that a repository has links to, in byte order of digests.</summary>
    IAsyncEnumerable<BlobRow> ListLinksAsync(RepositoryName repository, CancellationToken cancellationToken);

    /// <summary>The manifests of a repository, in the order they were pushed.</summary>
    IAsyncEnumerable<ListedManifest> ListManifestsAsync(RepositoryName repository, CancellationToken cancellationToken);

    /// <summary>The tags of a repository, in byte order.</summary>
    IAsyncEnumerable<TagRow> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken);
}
