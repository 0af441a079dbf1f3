namespace Berth.Metadata;

/// <summary>The database: everything the registry knows, except the bytes of blobs.</summary>
/// <remarks>
/// <para>
/// Every method that changes something is one transaction, committed durably when it returns: its effect survives a power cut.
/// Whatever a method checks, it checks in that transaction. When a change throws, it did not happen, unless the exception is a
/// <see cref="Storage.StorageException"/>, after which either may be true.
/// </para>
/// <para>Safe for use from many threads. Every implementation passes <c>MetadataStoreContract</c>.</para>
/// </remarks>
public interface IMetadataStore : IAsyncDisposable
{
    IRepositoryTable Repositories { get; }

    IBlobTable Blobs { get; }

    IUploadTable Uploads { get; }

    IManifestTable Manifests { get; }

    ITagTable Tags { get; }

    IReferrerTable Referrers { get; }

    IPendingDeleteTable PendingDeletes { get; }

    IMetadataInspection Inspection { get; }

    IMetadataListing Listing { get; }

    IRegistryIdentity Identity { get; }

    ILeadership Leadership { get; }
}
