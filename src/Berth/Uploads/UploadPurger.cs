using Berth.Collection;
using Berth.Metadata;
using Berth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Berth.Uploads;

/// <summary>Ends uploads that nobody continues.</summary>
public sealed partial class UploadPurger(
    IMetadataStore metadata, RegistryOptions options, ObjectReaper reaper, TimeProvider time, ILogger<UploadPurger> logger) : BackgroundService
{
    private const int Batch = 1000;

    /// <summary>One run.</summary>
    /// <returns>The number of uploads ended, or in a dry run that would be.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var idleSince = time.GetUtcNow() - options.UploadPurging.Age;
        if (options.UploadPurging.IsDryRun)
        {
            var idle = await metadata.Uploads.ExpireAsync(idleSince, int.MaxValue, isDryRun: true, cancellationToken);
            Log.UploadsIdle(logger, idle);
            return idle;
        }

        var total = 0;
        int ended;
        do
        {
            ended = await metadata.Uploads.ExpireAsync(idleSince, Batch, isDryRun: false, cancellationToken);
            total += ended;
        }
        while (ended == Batch);

        if (total > 0)
        {
            Log.UploadsPurged(logger, total);
            reaper.Wake();
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
            catch (StorageException fault) when (fault.IsTransient)
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

        [LoggerMessage(EventIds.UploadsIdle, LogLevel.Information, "{Count} abandoned uploads would be ended; uploadpurging.dryrun is on")]
        public static partial void UploadsIdle(ILogger logger, int count);

        [LoggerMessage(EventIds.PurgePostponed, LogLevel.Warning, "Storage is unavailable; purging uploads is postponed")]
        public static partial void PurgePostponed(ILogger logger, Exception exception);
    }
}
