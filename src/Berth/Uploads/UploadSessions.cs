using System.Runtime.ExceptionServices;
using Berth.Access;
using Berth.Blobs;
using Berth.Collection;
using Berth.Metadata;
using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Uploads;

/// <summary>Uploads, from their start to a blob or their end.</summary>
/// <remarks>
/// A session is a row. Its bytes go to a staging object under a key of its own; what the row's offset says is durable.
/// A request that fails leaves the row as it was, and whatever it wrote beyond the offset is cut off by the next one.
/// When <see cref="FinishAsync"/> returns, the blob survives a power cut: bytes first, then the name, then the row.
/// </remarks>
public sealed partial class UploadSessions(
    IMetadataStore metadata,
    IBlobStore store,
    LinkedBlobs blobs,
    EffectGuard guard,
    ObjectReaper reaper,
    TimeProvider time,
    ILogger<UploadSessions> logger) : IDisposable
{
    private readonly UploadLocks _locks = new();
    private readonly RunningHashes _hashes = new();

    /// <summary>Starts a session.</summary>
    public async ValueTask<UploadRow> StartAsync(RepositoryName repository, DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        guard.Demand(Effect.Push);
        var upload = new UploadRow(UploadId.Create(), BlobKey.Create(time), repository, algorithm, Offset: 0);
        await metadata.Uploads.CreateAsync(upload, cancellationToken);
        return upload;
    }

    /// <exception cref="OciException">BLOB_UPLOAD_UNKNOWN.</exception>
    public async ValueTask<UploadRow> GetAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken) =>
        await metadata.Uploads.FindAsync(repository, id, cancellationToken) ?? throw new OciException(OciError.UploadUnknown());

    /// <summary>Appends a chunk. When this returns, the chunk is durable.</summary>
    /// <returns>The session with its new offset.</returns>
    /// <exception cref="OciException">BLOB_UPLOAD_UNKNOWN, RANGE_INVALID, SIZE_INVALID, or busy.</exception>
    public async ValueTask<UploadRow> AppendAsync(
        RepositoryName repository, UploadId id, UploadBody body, CancellationToken cancellationToken)
    {
        guard.Demand(Effect.Push);
        using var hold = _locks.Take(id);
        var upload = await GetAsync(repository, id, cancellationToken);
        body.DemandContinues(upload.Offset);
        return await TransferAsync(upload, upload.Algorithm, body, keep: true, cancellationToken);
    }

    /// <summary>Appends what the closing request brings, and turns the session into a blob of its repository.</summary>
    /// <exception cref="OciException">As <see cref="AppendAsync"/>, or DIGEST_INVALID; the session stays and can be finished rightly.</exception>
    public async ValueTask FinishAsync(
        RepositoryName repository, UploadId id, Digest digest, UploadBody body, CancellationToken cancellationToken)
    {
        guard.Demand(Effect.Push);
        using var hold = _locks.Take(id);
        if (await metadata.Uploads.FindAsync(repository, id, cancellationToken) is not { } upload)
        {
            // A client that never got our answer asks again: the upload is over, and the blob is what it wanted.
            var finished = await metadata.Uploads.FindFinishedAsync(repository, id, cancellationToken);
            if (finished == digest)
            {
                return;
            }

            throw new OciException(OciError.UploadUnknown());
        }

        if (await FindCommittedAsync(upload, digest, cancellationToken) is { } size)
        {
            // A client that went on with chunks, rather than repeat its request, has staged some of the bytes once more.
            await store.DeleteAsync(upload.Key, digest: null, CancellationToken.None);
            await PublishAsync(upload with { Offset = size }, digest);
            return;
        }

        body.DemandContinues(upload.Offset);
        var complete = await TransferAsync(upload, digest.Algorithm, body, keep: false, cancellationToken, expected: digest);
        await PublishAsync(complete, digest);
    }

    /// <summary>Ends a session and frees its bytes.</summary>
    /// <exception cref="OciException">BLOB_UPLOAD_UNKNOWN or busy.</exception>
    public async ValueTask CancelAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken)
    {
        guard.Demand(Effect.CancelUpload);
        using var hold = _locks.Take(id);
        await GetAsync(repository, id, cancellationToken);
        await DiscardAsync(id, committedAs: null, cancellationToken);
    }

    /// <summary>Ends a session that was idle, unless a request has come back to it.</summary>
    /// <returns>False when one has.</returns>
    internal async ValueTask<bool> EndIdleAsync(UploadRow idle, CancellationToken cancellationToken)
    {
        if (!_locks.TryTake(idle.Id, out var hold))
        {
            return false;
        }

        using (hold)
        {
            var isIdle = await metadata.Uploads.FindAsync(idle.Repository, idle.Id, cancellationToken) == idle;
            if (isIdle)
            {
                await DiscardAsync(idle.Id, committedAs: null, cancellationToken);
            }

            return isIdle;
        }
    }

    public void Dispose() => _hashes.Dispose();

    private async ValueTask<UploadRow> TransferAsync(
        UploadRow upload, DigestAlgorithm algorithm, UploadBody body, bool keep, CancellationToken cancellationToken, Digest? expected = null)
    {
        await using var staged = await store.StageAsync(upload.Key, upload.Offset, cancellationToken)
            ?? throw await LoseAsync(upload, cancellationToken);
        var hash = _hashes.Take(upload.Id, algorithm, upload.Offset)
            ?? await RunningHash.ReadBackAsync(algorithm, staged, cancellationToken);
        var isKept = false;
        try
        {
            var interruption = await ReceiveAsync(upload, staged, hash, body, expected, cancellationToken);
            isKept = keep || interruption is not null;
            if (isKept && staged.Length > upload.Offset
                && !await metadata.Uploads.AdvanceAsync(upload.Id, staged.Length, CancellationToken.None))
            {
                throw new OciException(OciError.UploadUnknown());
            }

            if (interruption is not null)
            {
                ExceptionDispatchInfo.Throw(interruption);
            }

            return upload with { Offset = staged.Length };
        }
        finally
        {
            if (isKept)
            {
                _hashes.Keep(upload.Id, hash);
            }
            else
            {
                hash.Dispose();
            }
        }
    }

    /// <summary>Takes a request's bytes in and makes them durable.</summary>
    /// <returns>Null, or why the client's bytes ended early; what came is durable all the same, so that it can be continued.</returns>
    private async ValueTask<Exception?> ReceiveAsync(
        UploadRow upload, IStagedBlob staged, RunningHash hash, UploadBody body, Digest? expected, CancellationToken cancellationToken)
    {
        try
        {
            var interruption = await UploadTransfer.CopyAsync(body.Content, staged, hash, body.Range?.Length ?? body.Length, time, cancellationToken);
            if (interruption is null)
            {
                body.DemandLength(staged.Length - upload.Offset);
                DemandDigest(hash, expected);
            }

            await staged.SyncAsync(CancellationToken.None);
            return interruption;
        }
        catch (StorageException)
        {
            await DiscardAsync(upload.Id, committedAs: null, CancellationToken.None); // what the object holds now may be anything
            throw;
        }
    }

    private static void DemandDigest(RunningHash hash, Digest? expected)
    {
        if (expected is { } digest && hash.ToDigest() is var actual && actual != digest)
        {
            throw new OciException(OciError.DigestMismatch(digest, actual));
        }
    }

    /// <summary>Whether an earlier try came as far as naming the object: then only its row is missing. Its size, or null.</summary>
    private async ValueTask<long?> FindCommittedAsync(UploadRow upload, Digest digest, CancellationToken cancellationToken)
    {
        using var content = await store.OpenAsync(upload.Key, digest, cancellationToken);
        return content?.Length;
    }

    /// <summary>Bytes, then name, then row: whatever a crash leaves is garbage, never a row without its bytes.</summary>
    /// <remarks>
    /// Nothing here can be cancelled: once the object has its name, only its row keeps it from being lost. Committing again what an
    /// earlier try committed makes its name durable, which that try may not have come to.
    /// </remarks>
    private async ValueTask PublishAsync(UploadRow upload, Digest digest)
    {
        try
        {
            await store.CommitAsync(upload.Key, digest, CancellationToken.None);
        }
        catch (StorageException)
        {
            await DiscardAsync(upload.Id, digest, CancellationToken.None);
            throw;
        }

        var damaged = await blobs.FindDamagedAsync(digest, CancellationToken.None);
        if (!await metadata.Uploads.AttachAsync(upload.Id, digest, upload.Offset, damaged, CancellationToken.None))
        {
            throw new OciException(OciError.UploadUnknown());
        }

        reaper.Wake(); // if the digest was stored already, our object is to go
        Log.BlobUploaded(logger, upload.Repository, digest, upload.Offset);
    }

    private async ValueTask DiscardAsync(UploadId id, Digest? committedAs, CancellationToken cancellationToken)
    {
        _hashes.Drop(id);
        await metadata.Uploads.DiscardAsync(id, committedAs, cancellationToken);
        reaper.Wake();
    }

    private async ValueTask<OciException> LoseAsync(UploadRow upload, CancellationToken cancellationToken)
    {
        Log.UploadLost(logger, upload.Repository, upload.Offset);
        await DiscardAsync(upload.Id, committedAs: null, cancellationToken);
        return new OciException(OciError.UploadUnknown());
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.BlobUploaded, LogLevel.Information, "Stored blob {Digest} of {Size} bytes in {Repository}")]
        public static partial void BlobUploaded(ILogger logger, RepositoryName repository, Digest digest, long size);

        [LoggerMessage(EventIds.UploadLost, LogLevel.Error, "The staged bytes of an upload to {Repository} are gone (it had {Offset}); the client must start again")]
        public static partial void UploadLost(ILogger logger, RepositoryName repository, long offset);
    }
}
