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
    /// <returns>The number of uploads ended.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var idleSince = time.GetUtcNow() - options.UploadPurging.Age;
        var total = 0;
        int ended;
        do
        {
            ended = await metadata.Uploads.ExpireAsync(idleSince, Batch, cancellationToken);
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
        if (!options.UploadPurging.IsEnabled || options.UploadPurging.IsDryRun)
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

        [LoggerMessage(EventIds.PurgePostponed, LogLevel.Warning, "Storage is unavailable; purging uploads is postponed")]
        public static partial void PurgePostponed(ILogger logger, Exception exception);
    }
}
