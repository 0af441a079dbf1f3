using Berth.Metadata;
using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Migration;

/// <summary>Moves a registry into other stores while it is served: a run makes the target equal to the source as it is then.</summary>
/// <remarks>
/// <para>
/// It changes the target only as clients do, by uploads, pushes and deletions, each a transaction: killed at any moment it leaves a sound
/// registry that holds a part of the source, and the next run goes on from there. What a run has to do is found by comparing rows, so
/// one that finds little to do is short.
/// </para>
/// <para>Uploads in progress are not moved, nor blobs that no repository has a link to. Tags get the time of the run.</para>
/// </remarks>
/// <param name="source">It is only read; it may be served meanwhile.</param>
/// <param name="target">It is changed, and must not be served.</param>
/// <param name="parallelism">Blobs that are copied, and repositories that are worked on, at once.</param>
public sealed class MigrationRun(MigrationSide source, MigrationSide target, int parallelism, TimeProvider time, ILoggerFactory loggers)
{
    private readonly MigrationReport _report = new();

    public MigrationProgress Progress { get; } = new();

    /// <exception cref="MigrationRefusedException">The target is the source, or was served, or is being moved into from elsewhere.</exception>
    /// <exception cref="StorageException">One side is away. What was done stays done, and the next run goes on.</exception>
    public async Task<MigrationResult> RunAsync(CancellationToken cancellationToken)
    {
        await DemandOtherAsync(cancellationToken);
        await source.Blobs.ListAsync(cancellationToken).AnyAsync(cancellationToken); // a bucket that is not there has no blobs either, and none of them is damaged
        await using var term = new TargetTerm(target.Metadata.Leadership, ClaimAsync);
        await term.EnsureAsync(cancellationToken);
        await LeftoverUploads.EndAsync(target, cancellationToken);

        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        using var registry = new Registry(target.Metadata, target.Blobs, new RegistryOptions(), time, loggers);
        await PlanAsync(cancellationToken);

        Progress.Phase = MigrationPhase.Blobs;
        var blobs = new BlobMove(source, registry.Uploads, _report, Progress);
        await Parallel.ForEachAsync(ListMissingBlobs(cancellationToken), options, blobs.RunAsync);

        Progress.Phase = MigrationPhase.Repositories;
        var repositories = new RepositoryMove(source, target, _report);
        await Parallel.ForEachAsync(
            MigrationComparison.ListRepositories(source.Metadata, target.Metadata, cancellationToken),
            options,
            async (repository, token) =>
            {
                await term.EnsureAsync(token);
                await repositories.RunAsync(repository, token);
                Progress.AddRepository();
            });
        await registry.Reaper.ReapAsync(cancellationToken);

        Progress.Phase = MigrationPhase.Comparing;
        var differences = await new MigrationComparison(source.Metadata, target.Metadata, Progress).RunAsync(options);
        return new MigrationResult(_report.Problems, differences);
    }

    private async Task DemandOtherAsync(CancellationToken cancellationToken)
    {
        if (await source.Metadata.Identity.GetIdAsync(cancellationToken) == await target.Metadata.Identity.GetIdAsync(cancellationToken))
        {
            throw new MigrationRefusedException("Source and target have the same database: choose another target.", isTemporary: false);
        }
    }

    private async Task ClaimAsync(CancellationToken cancellationToken)
    {
        if (!await target.Metadata.Identity.TryClaimAsync(await source.Metadata.Identity.GetIdAsync(cancellationToken), cancellationToken))
        {
            throw new MigrationRefusedException(
                "The target has been served as a registry, or holds what was moved from another one; what it has would be deleted: choose a new one.",
                isTemporary: false);
        }
    }

    private async Task PlanAsync(CancellationToken cancellationToken)
    {
        var (blobs, bytes) = (0L, 0L);
        await foreach (var blob in ListMissingBlobs(cancellationToken))
        {
            blobs++;
            bytes += blob.Row.Size;
        }

        Progress.Plan(blobs, bytes, await source.Metadata.Listing.ListRepositoriesAsync(cancellationToken).LongCountAsync(cancellationToken));
    }

    private IAsyncEnumerable<StoredBlob> ListMissingBlobs(CancellationToken cancellationToken) =>
        source.Metadata.Listing.ListBlobsAsync(cancellationToken)
            .MergeAsync(target.Metadata.Listing.ListBlobsAsync(cancellationToken), blob => blob.Row.Digest.Value, cancellationToken)
            .Where(pair => pair.Target is null)
            .Select(pair => pair.Source!);
}
