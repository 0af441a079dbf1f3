using Berth.Storage;
using Berth.Uploads;

namespace Berth.Migration;

/// <summary>Ends the uploads that an earlier run left in the target when it was killed. Nobody else has any there.</summary>
internal static class LeftoverUploads
{
    public static async Task EndAsync(MigrationSide target, CancellationToken cancellationToken)
    {
        var uploads = new Dictionary<BlobKey, UploadRow>();
        await foreach (var upload in target.Metadata.Inspection.ListUploadsAsync(cancellationToken))
        {
            uploads.Add(upload.Key, upload);
        }

        if (uploads.Count == 0)
        {
            return;
        }

        // An object that has its name, but not its row yet, is deleted only by its digest.
        await foreach (var found in target.Blobs.ListAsync(cancellationToken))
        {
            if (found.Digest is { } digest && uploads.Remove(found.Key, out var upload))
            {
                await target.Metadata.Uploads.DiscardAsync(upload, digest, cancellationToken);
            }
        }

        foreach (var upload in uploads.Values)
        {
            await target.Metadata.Uploads.DiscardAsync(upload, committedAs: null, cancellationToken);
        }
    }
}
