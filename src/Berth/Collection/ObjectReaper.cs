using System.Threading.Channels;
using Berth.Metadata;
using Berth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Berth.Collection;

/// <summary>Deletes the objects that the database lists for deletion, and nothing else (rule R6).</summary>
public sealed partial class ObjectReaper(IMetadataStore metadata, IBlobStore store, TimeProvider time, ILogger<ObjectReaper> logger)
    : BackgroundService
{
    private const int Batch = 256;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <summary>How long wake-ups gather, so that a busy registry looks a few times a second and not after each push.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    // One pending wake-up is as good as many; the first run needs none.
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Says that there may be something to delete.</summary>
    public void Wake() => _wakeUps.Writer.TryWrite(true);

    /// <summary>Deletes everything that is listed now. What cannot be deleted stays listed and does not keep the rest from it.</summary>
    /// <returns>The number of objects dealt with.</returns>
    /// <exception cref="StorageException">Something could not be deleted, or the database failed.</exception>
    public async Task<int> ReapAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        BlobKey? last = null;
        StorageException? failure = null;
        while (await metadata.PendingDeletes.ListAsync(last, Batch, cancellationToken) is { Count: > 0 } pending)
        {
            var gone = new List<BlobKey>(pending.Count);
            foreach (var item in pending)
            {
                try
                {
                    await store.DeleteAsync(item.Key, item.Digest, cancellationToken);
                    Log.ObjectDeleted(logger, item.Key, item.Digest);
                    gone.Add(item.Key);
                }
                catch (StorageException fault)
                {
                    failure = fault;
                }
            }

            // The row goes after the object: a crash in between only means deleting nothing once more.
            await metadata.PendingDeletes.RemoveAsync(gone, cancellationToken);
            total += gone.Count;
            last = pending[^1].Key;
        }

        return failure is null ? total : throw failure;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await ReapAsync(stoppingToken);
            }
            catch (StorageException fault)
            {
                Log.ReapPostponed(logger, fault);
                await Task.Delay(RetryAfter, time, stoppingToken);
                Wake();
            }

            await _wakeUps.Reader.ReadAsync(stoppingToken);
            await Task.Delay(Gathering, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ObjectDeleted, LogLevel.Debug, "Deleted object {Key} of {Digest}")]
        public static partial void ObjectDeleted(ILogger logger, BlobKey key, Digest? digest);

        [LoggerMessage(EventIds.ReapPostponed, LogLevel.Warning, "Storage is unavailable; deleting unreachable objects is postponed")]
        public static partial void ReapPostponed(ILogger logger, Exception exception);
    }
}
