using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Berth.Storage.Gcs;

/// <summary>Objects of a bucket of Google Cloud Storage.</summary>
/// <remarks>
/// <para>
/// A small object is one request. A larger one is staged in parts, objects of their own with random names, and the commit has the service make
/// one object of them, which copies nothing. What belongs to an upload is in its notes, so any node can go on with it.
/// </para>
/// <para>
/// The service's resumable uploads are not used, because two writers of one session cannot be kept apart: the service ignores bytes that it
/// already has and takes those beyond them, so a node that was paused could put its bytes between another's, and neither would learn of it.
/// Nor can what a session has too much be cut off when a node died before it could say so. Parts have neither weakness: those that no notes
/// name are in no object.
/// </para>
/// <para>
/// Nothing here replaces an object. A writer that comes late finds another object under the key, or a part that is gone, and its commit fails.
/// </para>
/// </remarks>
public sealed partial class GcsBlobStore : IBlobStore, IBlobRedirection, INamedObjects, IDisposable
{
    /// <summary>Of the metadata of an object that was made of parts: which ones.</summary>
    private const string PartsKey = "berth-parts";

    private readonly GcsOptions _options;
    private readonly GcsCredentials _credentials;
    private readonly GcsHttp _http;
    private readonly GcsBucket _bucket;
    private readonly GcsNames _names;
    private readonly GcsSigner _signer;
    private readonly SemaphoreSlim _sending;
    private readonly ILogger<GcsBlobStore> _logger;

    private GcsBlobStore(GcsOptions options, TimeProvider time, ILogger<GcsBlobStore> logger)
    {
        (_options, _logger) = (options, logger);
        _credentials = new GcsCredentials(options);
        _http = new GcsHttp(options, _credentials, time);
        _bucket = new GcsBucket(_http, options);
        _names = new GcsNames(options.RootPrefix);
        _signer = new GcsSigner(_credentials, options, time);
        _sending = new SemaphoreSlim(options.MaxConcurrency);
    }

    /// <inheritdoc/>
    public bool KnowsDigests => false;

    /// <summary>Opens the bucket, and proves that it can be written, read, listed and deleted.</summary>
    /// <exception cref="StorageException">Something of that does not work; the message says what.</exception>
    public static async Task<GcsBlobStore> OpenAsync(GcsOptions options, TimeProvider time, ILogger<GcsBlobStore> logger, CancellationToken cancellationToken)
    {
        foreach (var (key, text) in options.FindMistakes())
        {
            throw new StorageException($"The option {key} of the object store {text}.", isTransient: false);
        }

        var store = Create(options, time, logger);
        try
        {
            await new GcsStartCheck(store._bucket, store._http, store._names, time).RunAsync(cancellationToken);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="OpenAsync(GcsOptions, TimeProvider, ILogger{GcsBlobStore}, CancellationToken)"/>, without a look at the bucket.</summary>
    public static GcsBlobStore Create(GcsOptions options, TimeProvider time, ILogger<GcsBlobStore> logger) => new(options, time, logger);

    /// <inheritdoc/>
    public async ValueTask<IBlobContent?> OpenAsync(BlobKey key, Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var info = await _bucket.HeadAsync(_names.Blob(key), cancellationToken);
        return info is null ? null : new GcsBlobContent(_bucket, _http, info);
    }

    /// <inheritdoc/>
    public async ValueTask<IStagedBlob?> StageAsync(BlobKey key, long offset, string? parts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (offset == 0)
        {
            return Stage(key, StagedNotes.Empty);
        }

        if (StagedNotes.Parse(parts) is not { } notes || notes.Size != offset)
        {
            return null;
        }

        // They are one object already when the node that did so died before it could say so.
        return await HasPartsAsync(key, notes, cancellationToken) || IsMadeOf(await _bucket.HeadAsync(_names.Blob(key), cancellationToken), notes)
            ? Stage(key, notes)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(BlobKey key, Digest digest, string? parts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = _names.Blob(key);
        if (parts is null)
        {
            _ = await _bucket.HeadAsync(name, cancellationToken) ?? throw Gone();
            return;
        }

        var notes = StagedNotes.Parse(parts) ?? throw Gone();
        var composition = new GcsComposition(
            [.. notes.Parts.Select(part => new GcsSource(_names.Part(key, part.Nonce), part.Generation))],
            new GcsNewObject(Metadata: new Dictionary<string, string>(StringComparer.Ordinal) { [PartsKey] = notes.Id }),
            DeleteSourceObjects: true);
        var found = await _bucket.ComposeAsync(name, composition, cancellationToken) ?? await _bucket.HeadAsync(name, cancellationToken) ?? throw Gone();

        // Or an earlier request stored the same bytes in one go, and ended before the row said so.
        if (!IsMadeOf(found, notes) && !await this.HasBytesAsync(key, digest, cancellationToken))
        {
            throw new StorageException("Another object stands under this key.", isTransient: false);
        }

        await TidyAsync(key);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Parts go first: from then on no node that was paused can make an object of them. What such a node sends afterwards is a part, or a small
    /// object, of no row: a leak that a listing finds, and never the content of another key.
    /// </remarks>
    public async ValueTask<bool> DeleteAsync(BlobKey key, Digest? digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await DeletePartsAsync(key, cancellationToken) | await _bucket.DeleteAsync(_names.Blob(key), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Staged first: an object that is committed meanwhile is then seen twice rather than never.
        var staged = new Dictionary<BlobKey, long>();
        await foreach (var found in _bucket.ListAsync(_names.Staging, cancellationToken))
        {
            if (_names.TryParsePart(found.Name, out var key))
            {
                staged[key] = staged.GetValueOrDefault(key) + found.Size;
            }
        }

        foreach (var (key, size) in staged)
        {
            yield return new StoredObject(key, Digest: null, size);
        }

        await foreach (var found in _bucket.ListAsync(_names.Blobs, cancellationToken))
        {
            if (_names.TryParseBlob(found.Name, out var key))
            {
                yield return new StoredObject(key, Digest: null, found.Size);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Uri?> FindUrlAsync(BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return method is "GET" or "HEAD" ? await _signer.SignAsync(method, _names.Blob(key), cancellationToken) : null;
    }

    /// <inheritdoc/>
    public string? FindName(BlobKey key, Digest digest) => _names.Blob(key);

    public void Dispose()
    {
        _http.Dispose();
        _credentials.Dispose();
        _sending.Dispose();
    }

    private GcsStagedBlob Stage(BlobKey key, StagedNotes notes) => new(_bucket, _http, _names, key, notes, _options.ChunkSize, _sending);

    private async Task<bool> HasPartsAsync(BlobKey key, StagedNotes notes, CancellationToken cancellationToken)
    {
        var wanted = notes.Parts.Select(part => (_names.Part(key, part.Nonce), part.Generation, part.Size)).ToHashSet();
        await foreach (var found in _bucket.ListAsync(_names.Parts(key), cancellationToken))
        {
            wanted.Remove((found.Name, found.Generation, found.Size));
        }

        return wanted.Count == 0;
    }

    /// <summary>Whether this is the object of the notes. The checksum is a second look: the names of the parts say it already.</summary>
    private static bool IsMadeOf(GcsObject? found, StagedNotes notes) =>
        found?.Metadata?.GetValueOrDefault(PartsKey) == notes.Id && found.Size == notes.Size && found.Crc32c == Crc32C.ToText(notes.Crc);

    /// <summary>Removes what a finished upload leaves. The object is there by now, so nothing of this may fail the commit; a deletion of the key finds the rest.</summary>
    private async Task TidyAsync(BlobKey key)
    {
        try
        {
            await DeletePartsAsync(key, CancellationToken.None);
        }
        catch (StorageException fault)
        {
            Log.LeftBehind(_logger, key, fault);
        }
    }

    private async Task<bool> DeletePartsAsync(BlobKey key, CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var part in _bucket.ListAsync(_names.Parts(key), cancellationToken))
        {
            found |= await _bucket.DeleteAsync(part.Name, cancellationToken);
        }

        return found;
    }

    private static StorageException Gone() => new("Nothing is staged under this key.", isTransient: false);

    private static partial class Log
    {
        [LoggerMessage(GcsEventIds.LeftBehind, LogLevel.Warning, "What a finished upload ({Key}) left in the bucket could not be removed")]
        public static partial void LeftBehind(ILogger logger, BlobKey key, Exception exception);
    }
}
