using Berth.Metadata;
using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Uploads;

/// <summary>Puts the uploads in order after a stop, before the first request.</summary>
/// <remarks>
/// The number of uploads bounds the time it takes, not the size of the store; except after a crash between the renaming of a
/// resumed upload's object and its row, when the store is listed once to find it. An upload that promised nothing yet is left as it
/// is: if its object was renamed already, the client's next try finds it. A store that does not know digests needs none of this: nodes
/// come and go there while others work, and a request finds out by itself what is left.
/// </remarks>
public sealed partial class UploadRecovery(IMetadataStore metadata, IBlobStore store, ILogger<UploadRecovery> logger)
{
    /// <summary>Cuts off what was written beyond the durable offsets, completes what was renamed already, and ends what lost its bytes.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        if (!store.KnowsDigests)
        {
            return;
        }

        var lost = new Dictionary<BlobKey, UploadRow>();
        await foreach (var upload in metadata.Inspection.ListUploadsAsync(cancellationToken))
        {
            if (upload.Offset == 0)
            {
                continue;
            }

            await using var staged = await store.StageAsync(upload.Key, upload.Offset, upload.Parts, cancellationToken);
            if (staged is null)
            {
                lost.Add(upload.Key, upload);
            }
        }

        if (lost.Count == 0)
        {
            return;
        }

        var completed = await CompleteAsync(lost, cancellationToken);
        foreach (var upload in lost.Values)
        {
            await metadata.Uploads.DiscardAsync(upload, committedAs: null, cancellationToken);
        }

        Log.Recovered(logger, completed, lost.Count);
    }

    /// <summary>An object has its final name only when it is whole and verified. Its name may not be durable yet, and its row is missing.</summary>
    private async Task<int> CompleteAsync(Dictionary<BlobKey, UploadRow> lost, CancellationToken cancellationToken)
    {
        var completed = 0;
        await foreach (var found in store.ListAsync(cancellationToken))
        {
            if (found.Digest is { } digest && lost.Remove(found.Key, out var upload))
            {
                await store.CommitAsync(found.Key, digest, parts: null, cancellationToken);
                await metadata.Uploads.AttachAsync(upload, digest, found.Size, damaged: null, cancellationToken);
                completed++;
            }
        }

        return completed;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.Recovered, LogLevel.Warning, "After an unclean stop: completed {Completed} uploads, ended {Ended} whose bytes were not durable")]
        public static partial void Recovered(ILogger logger, int completed, int ended);
    }
}
