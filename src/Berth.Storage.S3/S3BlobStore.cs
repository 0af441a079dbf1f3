using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Microsoft.Extensions.Logging;

namespace Berth.Storage.S3;

/// <summary>Objects of a bucket of Amazon S3, or of a server that speaks its protocol.</summary>
/// <remarks>
/// <para>
/// A small object is one request. A larger one is a multipart upload to the name where it stays; bytes of an upload that do not fill a part when
/// a request ends wait in a tail, a small object of its own. What belongs to an upload is in its notes, so any node can go on with it.
/// </para>
/// <para>
/// Nothing here replaces an object. A writer that comes late finds another object under the key, or a part with another tag, and its commit fails.
/// On a server that knows no conditional writes (a warning at the start says so) the database alone keeps two nodes apart.
/// </para>
/// </remarks>
public sealed partial class S3BlobStore : IBlobStore, IBlobRedirection, INamedObjects, IDisposable
{
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromMinutes(20);

    private readonly S3Options _options;
    private readonly AmazonS3Client _client;
    private readonly AmazonS3Client _signer;
    private readonly S3Bucket _bucket;
    private readonly S3Multiparts _multiparts;
    private readonly S3Commit _commit;
    private readonly S3Names _names;
    private readonly PartLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger<S3BlobStore> _logger;

    private S3BlobStore(S3Options options, TimeProvider time, ILogger<S3BlobStore> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _client = S3Clients.Create(options);
        _signer = options.RedirectEndpoint is { Length: > 0 } redirect ? S3Clients.Create(options, new Uri(redirect)) : _client;
        _bucket = new S3Bucket(_client, options);
        _multiparts = new S3Multiparts(_client, options);
        _commit = new S3Commit(_bucket, _multiparts);
        _names = new S3Names(options.RootPrefix);
        _limits = new PartLimits(options.ChunkSize);
    }

    /// <inheritdoc/>
    public bool KnowsDigests => false;

    /// <summary>Opens the bucket, and proves that it can be written, read, listed and deleted.</summary>
    /// <exception cref="StorageException">Something of that does not work; the message says what.</exception>
    public static async Task<S3BlobStore> OpenAsync(S3Options options, TimeProvider time, ILogger<S3BlobStore> logger, CancellationToken cancellationToken)
    {
        foreach (var (key, text) in options.FindMistakes())
        {
            throw new StorageException($"The option {key} of the object store {text}.", isTransient: false);
        }

        var store = Create(options, time, logger);
        try
        {
            if (!await new S3StartCheck(store._bucket, store._multiparts, store._names, time).RunAsync(cancellationToken))
            {
                store._bucket.KnowsConditions = store._multiparts.KnowsConditions = false;
                Log.NoConditions(logger);
            }

            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="OpenAsync(S3Options, TimeProvider, ILogger{S3BlobStore}, CancellationToken)"/>, without a look at the bucket.</summary>
    public static S3BlobStore Create(S3Options options, TimeProvider time, ILogger<S3BlobStore> logger) => new(options, time, logger);

    /// <inheritdoc/>
    public async ValueTask<IBlobContent?> OpenAsync(BlobKey key, Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = _names.Blob(key);
        var info = await _bucket.HeadAsync(name, cancellationToken);
        return info is null ? null : new S3BlobContent(_bucket, name, info, _options.ReadTimeout);
    }

    /// <inheritdoc/>
    public async ValueTask<IStagedBlob?> StageAsync(BlobKey key, long offset, string? parts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (offset == 0)
        {
            return new S3StagedBlob(_bucket, _multiparts, _names, _limits, key, notes: null, _logger);
        }

        if (StagedNotes.Parse(parts) is not { } notes || notes.Size != offset)
        {
            return null;
        }

        var staged = new S3StagedBlob(_bucket, _multiparts, _names, _limits, key, notes, _logger);
        var isThere = false;
        try
        {
            isThere = notes is not { Tail: { } tail, TailName: { } name } || await staged.LoadTailAsync(name, tail, cancellationToken);
            return isThere ? staged : null;
        }
        finally
        {
            if (!isThere)
            {
                await staged.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(BlobKey key, Digest digest, string? parts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (StagedNotes.Parse(parts) is not { Tail: null } notes)
        {
            throw new StorageException("Nothing is staged under this key.", isTransient: false);
        }

        var name = _names.Blob(key);
        var isNew = await _commit.RunAsync(name, notes, cancellationToken);
        await TidyAsync(key, notes.HadTails, isNew ? null : notes.UploadId);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(BlobKey key, Digest? digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = _names.Blob(key);
        var found = await _bucket.HeadAsync(name, cancellationToken) is not null;
        if (found)
        {
            await _bucket.DeleteAsync(name, cancellationToken);
        }

        await foreach (var upload in _multiparts.ListAsync(name, cancellationToken))
        {
            found |= upload.Name == name && await _multiparts.AbortAsync(name, upload.UploadId, cancellationToken);
        }

        return found | await DeleteTailsAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Staged first: an object that is committed meanwhile is then seen twice rather than never.
        var staged = new Dictionary<BlobKey, long>();
        await foreach (var (name, size) in _bucket.ListAsync(_names.Staging, cancellationToken))
        {
            if (_names.TryParseTail(name, out var key))
            {
                staged[key] = staged.GetValueOrDefault(key) + size;
            }
        }

        await foreach (var (name, uploadId) in _multiparts.ListAsync(_names.Blobs, cancellationToken))
        {
            if (_names.TryParseBlob(name, out var key))
            {
                staged[key] = staged.GetValueOrDefault(key) + await _multiparts.MeasureAsync(name, uploadId, cancellationToken);
            }
        }

        foreach (var (key, size) in staged)
        {
            yield return new StoredObject(key, Digest: null, size);
        }

        await foreach (var (name, size) in _bucket.ListAsync(_names.Blobs, cancellationToken))
        {
            if (_names.TryParseBlob(name, out var key))
            {
                yield return new StoredObject(key, Digest: null, size);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Uri?> FindUrlAsync(BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (method is not ("GET" or "HEAD"))
        {
            return null;
        }

        var isHttp = _options.RedirectEndpoint is { Length: > 0 } redirect
            ? new Uri(redirect).Scheme == Uri.UriSchemeHttp
            : !_options.IsEncryptedOnTheWay;
        var request = new Amazon.S3.Model.GetPreSignedUrlRequest
        {
            BucketName = _options.Bucket,
            Key = _names.Blob(key),
            Verb = method == "GET" ? HttpVerb.GET : HttpVerb.HEAD,
            Protocol = isHttp ? Protocol.HTTP : Protocol.HTTPS,
            Expires = (_time.GetUtcNow() + UrlLifetime).UtcDateTime,
        };
        return new Uri(await S3Fault.TranslateAsync("sign an address", () => _signer.GetPreSignedURLAsync(request), cancellationToken));
    }

    /// <inheritdoc/>
    public string? FindName(BlobKey key, Digest digest) => _names.Blob(key);

    public void Dispose()
    {
        _client.Dispose();
        _signer.Dispose();
        _limits.Dispose();
    }

    /// <summary>Removes what a finished upload leaves. The object is there by now, so nothing of this may fail the commit; a deletion of the key finds the rest.</summary>
    private async Task TidyAsync(BlobKey key, bool hasTails, string? uploadId)
    {
        try
        {
            if (hasTails)
            {
                await DeleteTailsAsync(key, CancellationToken.None);
            }

            if (uploadId is not null)
            {
                await _multiparts.AbortAsync(_names.Blob(key), uploadId, CancellationToken.None);
            }
        }
        catch (StorageException fault)
        {
            Log.LeftBehind(_logger, key, fault);
        }
    }

    private async Task<bool> DeleteTailsAsync(BlobKey key, CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var (name, _) in _bucket.ListAsync(_names.Tails(key), cancellationToken))
        {
            await _bucket.DeleteAsync(name, cancellationToken);
            found = true;
        }

        return found;
    }

    private static partial class Log
    {
        [LoggerMessage(S3EventIds.LeftBehind, LogLevel.Warning, "What a finished upload ({Key}) left in the bucket could not be removed")]
        public static partial void LeftBehind(ILogger logger, BlobKey key, Exception exception);

        [LoggerMessage(
            S3EventIds.NoConditions, LogLevel.Warning,
            "The object store knows no conditional writes (If-None-Match): a node that was cut off in the middle of an upload could overwrite the object of another")]
        public static partial void NoConditions(ILogger logger);
    }
}
