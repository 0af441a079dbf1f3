using Berth.Migration;
using Berth.Server.Configuration;
using Berth.Server.Hosting;
using Berth.Storage;
using Berth.Storage.FileSystem;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Server.Commands;

/// <summary><c>berth migrate</c>: makes one registry equal to another one, which may be served meanwhile.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(
        BerthConfiguration source,
        BerthConfiguration target,
        int parallelism,
        MigrationDisplay display,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        try
        {
            var result = await RunAsync(BerthOptions.From(source), BerthOptions.From(target), parallelism, display, cancellationToken);
            await display.WriteAsync(result, cancellationToken);
            return result.IsIdentical ? ExitCode.Success : ExitCode.Findings;
        }
        catch (DataFolderInUseException inUse)
        {
            await error.WriteLineAsync(inUse.Message.AsMemory(), cancellationToken);
            return ExitCode.InUse;
        }
        catch (MigrationRefusedException refusal)
        {
            await error.WriteLineAsync(refusal.Message.AsMemory(), cancellationToken);
            return refusal.IsTemporary ? ExitCode.InUse : ExitCode.Usage;
        }
        catch (Exception fault) when (fault is DataFolderException or StorageException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(fault.Message.AsMemory(), cancellationToken);
            await error.WriteLineAsync("What was moved stays moved: run the same command again to go on.".AsMemory(), cancellationToken);
            return ExitCode.Failure;
        }
    }

    private static async Task<MigrationResult> RunAsync(
        BerthOptions from, BerthOptions to, int parallelism, MigrationDisplay display, CancellationToken cancellationToken)
    {
        DemandOtherPlace(from, to);
        await using var source = await OpenStores.OpenReadOnlyAsync(from, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
        await using var target = await OpenStores.OpenAsync(to, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
        if (source.FolderId is { } folder && folder == target.FolderId)
        {
            throw SamePlace("data folder");
        }

        var run = new MigrationRun(
            new MigrationSide(source.Metadata, source.Blobs),
            new MigrationSide(target.Metadata, target.Blobs),
            parallelism,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        return await display.ShowAsync(run, cancellationToken);
    }

    /// <summary>What can be seen before anything is opened: opening a target makes its folder and its tables.</summary>
    private static void DemandOtherPlace(BerthOptions from, BerthOptions to)
    {
        if (from.NeedsDataFolder && to.NeedsDataFolder && Path.GetFullPath(from.DataFolder) == Path.GetFullPath(to.DataFolder))
        {
            throw SamePlace("data folder");
        }

        if (from.S3 is { } bucket && to.S3 is { } otherBucket && bucket.IsSamePlaceAs(otherBucket))
        {
            throw SamePlace("bucket and rootdirectory");
        }

        if (from.Azure is { } container && to.Azure is { } otherContainer && container.IsSamePlaceAs(otherContainer))
        {
            throw SamePlace("container and rootdirectory");
        }

        if (from.Gcs is { } gcs && to.Gcs is { } otherGcs && gcs.IsSamePlaceAs(otherGcs))
        {
            throw SamePlace("bucket and rootdirectory");
        }
    }

    private static MigrationRefusedException SamePlace(string what) =>
        new($"Source and target have the same {what}: choose another target.", isTemporary: false);
}
