using Berth.Metadata;

namespace Berth.Migration;

/// <summary>Counts the rows that differ, whatever a run believes to have done.</summary>
internal sealed class MigrationComparison(IMetadataStore source, IMetadataStore target, MigrationProgress progress)
{
    private long _links;
    private long _manifests;
    private long _tags;

    public async Task<MigrationDifferences> RunAsync(ParallelOptions options)
    {
        var cancellationToken = options.CancellationToken;
        var blobs = await CompareBlobsAsync(cancellationToken);
        await Parallel.ForEachAsync(ListRepositories(source, target, cancellationToken), options, CompareAsync);
        return new MigrationDifferences(blobs, _links, _manifests, _tags);
    }

    /// <summary>The repositories of both sides.</summary>
    public static IAsyncEnumerable<RepositoryName> ListRepositories(IMetadataStore source, IMetadataStore target, CancellationToken cancellationToken) =>
        source.Listing.ListRepositoriesAsync(cancellationToken).Select(name => name.Value)
            .MergeAsync(target.Listing.ListRepositoriesAsync(cancellationToken).Select(name => name.Value), name => name, cancellationToken)
            .Select(pair => RepositoryName.Parse(pair.Source ?? pair.Target!));

    /// <summary>Blobs of the source; one that only the target has is there by a link, if at all.</summary>
    private async Task<long> CompareBlobsAsync(CancellationToken cancellationToken) =>
        await source.Listing.ListBlobsAsync(cancellationToken)
            .MergeAsync(target.Listing.ListBlobsAsync(cancellationToken), blob => blob.Row.Digest.Value, cancellationToken)
            .LongCountAsync(pair => pair.Source is not null && pair.Source.Row.Size != pair.Target?.Row.Size, cancellationToken);

    private async ValueTask CompareAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        var links = await source.Listing.ListLinksAsync(repository, cancellationToken)
            .MergeAsync(target.Listing.ListLinksAsync(repository, cancellationToken), link => link.Digest.Value, cancellationToken)
            .LongCountAsync(pair => pair.Source is null || pair.Target is null, cancellationToken);
        var manifests = await ManifestDifferences.ListAsync(source, target, repository, cancellationToken).LongCountAsync(cancellationToken);
        var tags = await source.Listing.ListTagsAsync(repository, cancellationToken)
            .MergeAsync(target.Listing.ListTagsAsync(repository, cancellationToken), tag => tag.Tag.Value, cancellationToken)
            .LongCountAsync(pair => pair.Source is null || pair.Source.Digest != pair.Target?.Digest, cancellationToken);
        Interlocked.Add(ref _links, links);
        Interlocked.Add(ref _manifests, manifests);
        Interlocked.Add(ref _tags, tags);
        progress.AddCompared();
    }
}
