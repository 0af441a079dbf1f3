namespace Berth.Storage.S3;

/// <summary>Makes one object of what was staged, and never takes another writer's bytes for ours.</summary>
internal sealed class S3Commit(S3Bucket bucket, S3Multiparts multiparts)
{
    private const int MostTries = 3;

    /// <summary>When this returns, the object under <paramref name="name"/> is the one of the notes.</summary>
    /// <returns>False when it stood there before: it was written whole, or an earlier try came this far.</returns>
    public async Task<bool> RunAsync(string name, StagedNotes notes, CancellationToken cancellationToken)
    {
        if (await bucket.HeadAsync(name, cancellationToken) is { } earlier)
        {
            DemandSame(earlier, notes, completed: null);
            return false;
        }

        if (notes is not { UploadId: { } uploadId, Parts: { } parts })
        {
            throw Gone();
        }

        for (var tries = 1; ; tries++)
        {
            // The answer to Complete can be a failure that looks like a success, and the answer to the try that worked may be lost:
            // what stands there now tells.
            var (completed, fault) = await TryCompleteAsync(name, uploadId, parts, cancellationToken);
            if (await bucket.HeadAsync(name, cancellationToken) is { } found)
            {
                DemandSame(found, notes, completed);
                return true;
            }

            if (completed is null && fault is null)
            {
                throw Gone();
            }

            if (tries == MostTries)
            {
                throw fault ?? new StorageException("The object store says that it put the object together, and does not have it.", isTransient: true);
            }
        }
    }

    private async Task<(string? Completed, StorageException? Fault)> TryCompleteAsync(
        string name, string uploadId, IReadOnlyList<PartNote> parts, CancellationToken cancellationToken)
    {
        try
        {
            return (await multiparts.CompleteAsync(name, uploadId, parts, cancellationToken), null);
        }
        catch (StorageException fault) when (fault.IsTransient)
        {
            return (null, fault);
        }
    }

    private static void DemandSame(S3ObjectInfo found, StagedNotes notes, string? completed)
    {
        var expected = notes.Whole?.ETag ?? EntityTag.OfParts(notes.Parts ?? []);
        var isOurs = found.ETag == expected || (completed is { Length: > 0 } && found.ETag == completed);
        if (found.Size != notes.Size || !isOurs)
        {
            throw new StorageException("Another object stands under this key.", isTransient: false);
        }
    }

    private static StorageException Gone() => new("Nothing is staged under this key.", isTransient: false);
}
