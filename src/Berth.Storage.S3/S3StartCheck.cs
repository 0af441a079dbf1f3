using System.Security.Cryptography;

namespace Berth.Storage.S3;

/// <summary>Proves before the first request that the bucket does what the store will need.</summary>
internal sealed class S3StartCheck(S3Bucket bucket, S3Multiparts multiparts, S3Names names, TimeProvider time)
{
    /// <summary>With more than this, the store refuses signatures, or takes those of redirects for expired.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(10);

    /// <summary>Writes, reads, lists and deletes a small object under a random name.</summary>
    /// <returns>Whether the store can be told to write only what does not exist yet.</returns>
    /// <exception cref="StorageException">Something of it does not work.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var name = names.Probe();
        if (await bucket.HeadAsync(name, cancellationToken) is not null)
        {
            throw new StorageException("The object store has an object that nobody wrote: the bucket is not what it seems.", false);
        }

        using var content = new PartBuffer();
        content.Append(RandomNumberGenerator.GetBytes(64));
        var etag = await bucket.PutAsync(name, content, isNew: false, isKept: true, cancellationToken)
            ?? throw new StorageException("The object store wrote nothing.", false);
        var hasConditions = await HasConditionsAsync(name, content, cancellationToken);
        await DemandReadableAsync(name, etag, content, cancellationToken);
        await DemandListableAsync(name, cancellationToken);
        await bucket.DeleteAsync(name, cancellationToken);
        if (await bucket.HeadAsync(name, cancellationToken) is not null)
        {
            throw new StorageException("The object store does not delete what it is told to delete.", false);
        }

        return hasConditions;
    }

    private async Task<bool> HasConditionsAsync(string name, PartBuffer content, CancellationToken cancellationToken)
    {
        try
        {
            return await bucket.PutAsync(name, content, isNew: true, isKept: true, cancellationToken) is null;
        }
        catch (StorageException fault) when (!fault.IsTransient)
        {
            return false; // it knows no conditions, and says so
        }
    }

    private async Task DemandReadableAsync(string name, string etag, PartBuffer content, CancellationToken cancellationToken)
    {
        var info = await bucket.HeadAsync(name, cancellationToken);
        if (info is null || info.Size != content.Length)
        {
            throw new StorageException("The object store does not have what was just written to it.", false);
        }

        if ((info.LastModified - time.GetUtcNow())?.Duration() > MostSkew)
        {
            throw new StorageException("The clocks of this machine and of the object store differ by more than 10 minutes; signatures need the right time.", false);
        }

        using var reader = new S3BlobContent(bucket, name, info with { ETag = etag }, S3BlobContent.DefaultTimeout);
        var (expected, actual) = (new byte[content.Length], new byte[content.Length]);
        content.Read(expected, 0);
        var read = 0;
        while (read < actual.Length)
        {
            read += await reader.ReadAsync(actual.AsMemory(read), read, cancellationToken);
        }

        if (!expected.AsSpan().SequenceEqual(actual))
        {
            throw new StorageException("The object store gives back other bytes than were written.", false);
        }
    }

    /// <summary>Right needs two more permissions; without them, what nobody finished could not be removed.</summary>
    private async Task DemandListableAsync(string name, CancellationToken cancellationToken)
    {
        await bucket.ListAsync(name, cancellationToken).AnyAsync(cancellationToken);
        await multiparts.ListAsync(name, cancellationToken).AnyAsync(cancellationToken);
    }
}
