using Berth.Metadata;
using Berth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Berth.Uploads;

/// <summary>Ends uploads that nobody continues.</summary>
public sealed partial class UploadPurger(
    IMetadataStore metadata, UploadSessions uploads, RegistryOptions options, TimeProvider time, ILogger<UploadPurger> logger) : BackgroundService
{
    private const int Batch = 1000;

    /// <summary>One run.</summary>
    /// <returns>The number of uploads ended; in a dry run, of those that would be, counted up to the size of a batch.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var idleSince = time.GetUtcNow() - options.UploadPurging.Age;
        if (options.UploadPurging.IsDryRun)
        {
            var idle = await metadata.Uploads.ListIdleAsync(idleSince, Batch, cancellationToken);
            Log.UploadsIdle(logger, idle.Count, Batch);
            return idle.Count;
        }

        await using var term = await metadata.Leadership.TryBeginAsync(cancellationToken);
        if (term is null)
        {
            return 0; // another node is at it
        }

        var (total, ended) = (0, 0);
        do
        {
            ended = 0;
            foreach (var upload in await metadata.Uploads.ListIdleAsync(idleSince, Batch, cancellationToken))
            {
                ended += await uploads.EndIdleAsync(upload, cancellationToken) ? 1 : 0;
            }

            total += ended;
        }
        while (ended > 0 && await term.IsCurrentAsync(cancellationToken));

        if (total > 0)
        {
            Log.UploadsPurged(logger, total);
        }

        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.UploadPurging.IsEnabled)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.UploadPurging.Interval, time);
        do
        {
            try
            {
                await PurgeAsync(stoppingToken);
            }
            catch (StorageException fault)
            {
                Log.PurgePostponed(logger, fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.UploadsPurged, LogLevel.Information, "Ended {Count} abandoned uploads")]
        public static partial void UploadsPurged(ILogger logger, int count);

        [LoggerMessage(EventIds.UploadsIdle, LogLevel.Information, "{Count} abandoned uploads would be ended, counted up to {Limit}; uploadpurging.dryrun is on")]
        public static partial void UploadsIdle(ILogger logger, int count, int limit);

        [LoggerMessage(EventIds.PurgePostponed, LogLevel.Warning, "Storage is unavailable; purging uploads is postponed")]
        public static partial void PurgePostponed(ILogger logger, Exception exception);
    }
}
