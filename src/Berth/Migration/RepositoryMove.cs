using Berth.Metadata;

namespace Berth.Migration;

/// <summary>Makes a repository of the target equal to that of the source: first what is to come, then what is to go.</summary>
internal sealed class RepositoryMove(MigrationSide source, MigrationSide target, MigrationReport report)
{
    public async ValueTask RunAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        var extraLinks = await LinkAsync(repository, cancellationToken);
        var extraManifests = await new ManifestMove(source, target, report, repository).RunAsync(cancellationToken);
        await MoveTagsAsync(repository, cancellationToken);
        await DeleteAsync(repository, extraManifests, cancellationToken);
        foreach (var digest in extraLinks)
        {
            await target.Metadata.Blobs.UnlinkAsync(repository, digest, cancellationToken);
        }
    }

    /// <returns>The links that the source does not have.</returns>
    private async Task<List<Digest>> LinkAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        var extra = new List<Digest>();
        var links = source.Metadata.Listing.ListLinksAsync(repository, cancellationToken).MergeAsync(
            target.Metadata.Listing.ListLinksAsync(repository, cancellationToken), link => link.Digest.Value, cancellationToken);
        await foreach (var (wanted, found) in links)
        {
            if (wanted is null)
            {
                extra.Add(found!.Digest);
            }
            else if (found is null)
            {
                // False when the blob is not there: it was reported, or was pushed after the run copied blobs.
                await target.Metadata.Blobs.LinkAsync(repository, wanted.Digest, source: null, cancellationToken);
            }
        }

        return extra;
    }

    private async Task MoveTagsAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        var tags = source.Metadata.Listing.ListTagsAsync(repository, cancellationToken).MergeAsync(
            target.Metadata.Listing.ListTagsAsync(repository, cancellationToken), tag => tag.Tag.Value, cancellationToken);
        await foreach (var (wanted, found) in tags)
        {
            if (wanted is null)
            {
                await target.Metadata.Tags.DeleteAsync(repository, found!.Tag, cancellationToken);
            }
            else if (wanted.Digest != found?.Digest
                && !await target.Metadata.Tags.MoveAsync(repository, wanted.Tag, wanted.Digest, mayOverwrite: true, cancellationToken)
                && report.Has($"{repository}@{wanted.Digest}"))
            {
                report.Add($"{repository}:{wanted.Tag}", $"was not moved: it points at {wanted.Digest}, which was not moved either");
            }
        }
    }

    /// <summary>Deletes what nothing demands, as long as there is any: what demands it is mostly among the rest.</summary>
    private async Task DeleteAsync(RepositoryName repository, List<Digest> manifests, CancellationToken cancellationToken)
    {
        manifests.Reverse(); // an index was pushed after what it demands
        for (var before = int.MaxValue; manifests.Count > 0 && manifests.Count < before;)
        {
            before = manifests.Count;
            var left = new List<Digest>();
            foreach (var digest in manifests)
            {
                if (await target.Metadata.Manifests.DeleteAsync(repository, digest, cancellationToken) == DeleteOutcome.InUse)
                {
                    left.Add(digest);
                }
            }

            manifests = left;
        }
    }
}
