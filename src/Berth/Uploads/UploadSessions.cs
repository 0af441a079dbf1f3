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
/// A request that fails leaves the row as it was, and whatever it wrote beyond the offset is cut off by the next one. Every request may
/// come to another node: all that has to be remembered is in the row.
/// When <see cref="FinishAsync"/> returns, the blob survives a power cut: bytes first, then the name, then the row.
/// </remarks>
public sealed partial class UploadSessions(
    IMetadataStore metadata,
    IBlobStore store,
    LinkedBlobs blobs,
    EffectGuard guard,
    ObjectReaper reaper,
    TimeProvider time,
    ILogger<UploadSessions> logger)
{
    private readonly UploadLocks _locks = new();

    /// <summary>Starts a session.</summary>
    public async ValueTask<UploadRow> StartAsync(
        Caller caller, RepositoryName repository, DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Push);
        var upload = new UploadRow(UploadId.Create(), BlobKey.Create(time), repository, algorithm, Offset: 0, Owner: caller.Principal.Name);
        await metadata.Uploads.CreateAsync(upload, cancellationToken);
        return upload;
    }

    /// <exception cref="OciException">BLOB_UPLOAD_UNKNOWN.</exception>
    public async ValueTask<UploadRow> GetAsync(Caller caller, RepositoryName repository, UploadId id, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.ReadUpload);
        return await FindAsync(caller, repository, id, cancellationToken) ?? throw new OciException(OciError.UploadUnknown());
    }

    /// <summary>Appends a chunk. When this returns, the chunk is durable.</summary>
    /// <returns>The session with its new offset.</returns>
    /// <exception cref="OciException">BLOB_UPLOAD_UNKNOWN, RANGE_INVALID, SIZE_INVALID, or busy.</exception>
    public async ValueTask<UploadRow> AppendAsync(
        Caller caller, RepositoryName repository, UploadId id, UploadBody body, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Push);
        using var hold = _locks.Take(id);
        var upload = await GetAsync(caller, repository, id, cancellationToken);
        body.DemandContinues(upload.Offset);
        return await TransferAsync(upload, body, cancellationToken);
    }

    /// <summary>Appends what the closing request brings, and turns the session into a blob of its repository.</summary>
    /// <exception cref="OciException">As <see cref="AppendAsync"/>, or DIGEST_INVALID; the session stays and can be finished rightly.</exception>
    public async ValueTask FinishAsync(
        Caller caller, RepositoryName repository, UploadId id, Digest digest, UploadBody body, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Push);
        using var hold = _locks.Take(id);
        if (await FindAsync(caller, repository, id, cancellationToken) is not { } upload)
        {
            // A client that never got our answer asks again: the upload is over, and the blob is what it wanted.
            var finished = await metadata.Uploads.FindFinishedAsync(repository, id, cancellationToken);
            if (finished?.Digest == digest && Owns(caller, finished.Owner))
            {
                return;
            }

            throw new OciException(OciError.UploadUnknown());
        }

        if (await FindCommittedAsync(upload, digest, cancellationToken) is { } size)
        {
            // A client that went on with chunks, rather than repeat its request, has staged some of the bytes once more.
            await store.DeleteAsync(upload.Key, digest: null, CancellationToken.None);
            await PublishAsync(new CompletedUpload(upload, Parts: null, size, IsVerified: true), digest);
            return;
        }

        body.DemandContinues(upload.Offset);
        await PublishAsync(await CompleteAsync(upload, digest, body, cancellationToken), digest);
    }

    /// <summary>Ends a session and frees its bytes.</summary>
    /// <exception cref="OciException">BLOB_UPLOAD_UNKNOWN or busy.</exception>
    public async ValueTask CancelAsync(Caller caller, RepositoryName repository, UploadId id, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.CancelUpload);
        using var hold = _locks.Take(id);
        var upload = await GetAsync(caller, repository, id, cancellationToken);
        if (!await DiscardAsync(upload, committedAs: null, cancellationToken))
        {
            throw await ExplainAsync(upload);
        }
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
            return await DiscardAsync(idle, committedAs: null, cancellationToken);
        }
    }

    /// <summary>A session, if it is the caller's: to know its id is not enough.</summary>
    private async ValueTask<UploadRow?> FindAsync(Caller caller, RepositoryName repository, UploadId id, CancellationToken cancellationToken) =>
        await metadata.Uploads.FindAsync(repository, id, cancellationToken) is { } upload && Owns(caller, upload.Owner) ? upload : null;

    private static bool Owns(Caller caller, string? owner) => caller.IsLocal || caller.Principal.Name == owner;

    /// <summary>Takes a chunk in, and records it.</summary>
    private async ValueTask<UploadRow> TransferAsync(UploadRow upload, UploadBody body, CancellationToken cancellationToken)
    {
        await using var staged = await OpenAsync(upload, cancellationToken);
        using var hash = await ContinueHashAsync(upload, upload.Algorithm, staged, cancellationToken);
        var interruption = await ReceiveAsync(upload, staged, hash, body, cancellationToken);
        var next = await RecordAsync(upload, staged, hash);
        if (interruption is not null)
        {
            ExceptionDispatchInfo.Throw(interruption);
        }

        return next;
    }

    /// <summary>Takes the last bytes in, and compares the digest.</summary>
    private async ValueTask<CompletedUpload> CompleteAsync(
        UploadRow upload, Digest expected, UploadBody body, CancellationToken cancellationToken)
    {
        await using var staged = await OpenAsync(upload, cancellationToken);
        using var hash = await ContinueHashAsync(upload, expected.Algorithm, staged, cancellationToken);
        var interruption = await ReceiveAsync(upload, staged, hash, body, cancellationToken);
        if (interruption is not null)
        {
            await RecordAsync(upload, staged, hash?.Algorithm == upload.Algorithm ? hash : null);
            ExceptionDispatchInfo.Throw(interruption);
        }

        DemandDigest(hash, expected);
        var parts = await GuardAsync(upload, () => staged.CompleteAsync(CancellationToken.None));
        var row = parts is null ? upload : await AdvanceAsync(upload, upload with { Offset = staged.Length, Parts = parts, HashState = hash?.Save() });
        return new CompletedUpload(row, parts, staged.Length, IsVerified: hash is not null);
    }

    private async ValueTask<IStagedBlob> OpenAsync(UploadRow upload, CancellationToken cancellationToken) =>
        await store.StageAsync(upload.Key, upload.Offset, upload.Parts, cancellationToken) ?? throw await LoseAsync(upload, cancellationToken);

    /// <summary>The hash of what the upload has so far; null when only the finished object can be read.</summary>
    private static async ValueTask<RunningHash?> ContinueHashAsync(
        UploadRow upload, DigestAlgorithm algorithm, IStagedBlob staged, CancellationToken cancellationToken) =>
        RunningHash.Load(algorithm, upload.HashState, upload.Offset)
        ?? (staged.CanRead ? await RunningHash.ReadBackAsync(algorithm, staged, cancellationToken) : null);

    /// <summary>Takes a request's bytes in.</summary>
    /// <returns>Null, or why they ended early; what came is worth keeping, so that it can be continued.</returns>
    private async ValueTask<Exception?> ReceiveAsync(
        UploadRow upload, IStagedBlob staged, RunningHash? hash, UploadBody body, CancellationToken cancellationToken)
    {
        var interruption = await GuardAsync(
            upload, () => UploadTransfer.CopyAsync(body.Content, staged, hash, body.Range?.Length ?? body.Length, time, cancellationToken));
        if (interruption is null)
        {
            body.DemandLength(staged.Length - upload.Offset);
        }

        return interruption;
    }

    /// <summary>Makes what came durable, and says so in the row.</summary>
    private async ValueTask<UploadRow> RecordAsync(UploadRow upload, IStagedBlob staged, RunningHash? hash)
    {
        var parts = await GuardAsync(upload, () => staged.SyncAsync(CancellationToken.None));
        return staged.Length == upload.Offset
            ? upload
            : await AdvanceAsync(upload, upload with { Offset = staged.Length, Parts = parts, HashState = hash?.Save() });
    }

    private async ValueTask<UploadRow> AdvanceAsync(UploadRow upload, UploadRow next) =>
        await metadata.Uploads.AdvanceAsync(upload, next, CancellationToken.None) ? next : throw await ExplainAsync(upload);

    /// <summary>Why a session did not change: it is gone, or another node is at work on it.</summary>
    private async ValueTask<OciException> ExplainAsync(UploadRow upload) =>
        new(await metadata.Uploads.FindAsync(upload.Repository, upload.Id, CancellationToken.None) is null
            ? OciError.UploadUnknown()
            : OciError.UploadBusy());

    /// <summary>After a fault the staged object may hold anything: the session ends with it.</summary>
    private async ValueTask<T> GuardAsync<T>(UploadRow upload, Func<ValueTask<T>> act)
    {
        try
        {
            return await act();
        }
        catch (StorageException)
        {
            await DiscardAsync(upload, committedAs: null, CancellationToken.None);
            throw;
        }
    }

    private static void DemandDigest(RunningHash? hash, Digest expected)
    {
        if (hash?.ToDigest() is { } actual && actual != expected)
        {
            throw new OciException(OciError.DigestMismatch(expected, actual));
        }
    }

    /// <summary>Whether an earlier try came as far as naming the object: then only its row is missing. Its size, or null.</summary>
    private async ValueTask<long?> FindCommittedAsync(UploadRow upload, Digest digest, CancellationToken cancellationToken)
    {
        if (!store.KnowsDigests)
        {
            return null; // committing twice does no harm there
        }

        using var content = await store.OpenAsync(upload.Key, digest, cancellationToken);
        return content?.Length;
    }

    /// <summary>Bytes, then name, then row: whatever a crash leaves is garbage, never a row without its bytes.</summary>
    /// <remarks>
    /// Nothing here can be cancelled: once the object has its name, only its row keeps it from being lost. Committing again what an
    /// earlier try committed makes its name durable, which that try may not have come to.
    /// </remarks>
    private async ValueTask PublishAsync(CompletedUpload complete, Digest digest)
    {
        var upload = complete.Row;
        try
        {
            await store.CommitAsync(upload.Key, digest, complete.Parts, CancellationToken.None);
            if (!complete.IsVerified)
            {
                await VerifyAsync(upload, digest);
            }
        }
        catch (Exception error) when (error is StorageException or OciException)
        {
            await DiscardAsync(upload, digest, CancellationToken.None);
            throw;
        }

        var damaged = await blobs.FindDamagedAsync(digest, CancellationToken.None);
        if (!await metadata.Uploads.AttachAsync(upload, digest, complete.Size, damaged, CancellationToken.None))
        {
            throw await ExplainAsync(upload);
        }

        reaper.Wake(); // if the digest was stored already, our object is to go
        Log.BlobUploaded(logger, upload.Repository, digest, complete.Size);
    }

    /// <summary>Compares the digest of an object that could not be hashed as it came.</summary>
    private async ValueTask VerifyAsync(UploadRow upload, Digest digest)
    {
        using var content = await store.OpenAsync(upload.Key, digest, CancellationToken.None)
            ?? throw new StorageException("a committed object is not there", isTransient: false);
        var actual = await content.HashAsync(digest.Algorithm, CancellationToken.None);
        if (actual != digest)
        {
            throw new OciException(OciError.DigestMismatch(digest, actual));
        }
    }

    private async ValueTask<bool> DiscardAsync(UploadRow upload, Digest? committedAs, CancellationToken cancellationToken)
    {
        var isDiscarded = await metadata.Uploads.DiscardAsync(upload, committedAs, cancellationToken);
        reaper.Wake();
        return isDiscarded;
    }

    private async ValueTask<OciException> LoseAsync(UploadRow upload, CancellationToken cancellationToken)
    {
        Log.UploadLost(logger, upload.Repository, upload.Offset);
        await DiscardAsync(upload, committedAs: null, cancellationToken);
        return new OciException(OciError.UploadUnknown());
    }

    /// <param name="Row">The session as it is recorded now.</param>
    /// <param name="Parts">What the commit has to be told.</param>
    /// <param name="Size">Bytes of the object.</param>
    /// <param name="IsVerified">Whether the digest was compared already.</param>
    private sealed record CompletedUpload(UploadRow Row, string? Parts, long Size, bool IsVerified);

    private static partial class Log
    {
        [LoggerMessage(EventIds.BlobUploaded, LogLevel.Information, "Stored blob {Digest} of {Size} bytes in {Repository}")]
        public static partial void BlobUploaded(ILogger logger, RepositoryName repository, Digest digest, long size);

        [LoggerMessage(EventIds.UploadLost, LogLevel.Error, "The staged bytes of an upload to {Repository} are gone (it had {Offset}); the client must start again")]
        public static partial void UploadLost(ILogger logger, RepositoryName repository, long offset);
    }
}
