using System.Net;
using System.Runtime.CompilerServices;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;

namespace Berth.Storage.Azure;

/// <summary>Objects of a container of Azure Blob Storage.</summary>
/// <remarks>
/// <para>
/// A small object is one request. A larger one is staged as blocks under the name where it stays. What belongs to an upload is in its notes, so any
/// node can go on with it. The service drops blocks that nobody committed for a week; the upload is lost then.
/// </para>
/// <para>Nothing here replaces an object. A writer that comes late finds another object under the key, and its commit fails.</para>
/// </remarks>
public sealed class AzureBlobStore : IBlobStore, IBlobRedirection, INamedObjects, IDisposable
{
    private readonly HttpClientTransport _transport;
    private readonly BlobContainerClient _client;
    private readonly AzureContainer _container;
    private readonly AzureNames _names;
    private readonly AzureSigner _signer;

    private AzureBlobStore(AzureOptions options, TimeProvider time, ILogger<AzureBlobStore> logger)
    {
        _transport = AzureClients.CreateTransport(options);
        var service = AzureClients.Create(options, _transport);
        _client = service.GetBlobContainerClient(options.Container);
        _container = new AzureContainer(_client);
        _names = new AzureNames(options.RootPrefix);
        _signer = new AzureSigner(options, service, time, logger);
    }

    /// <inheritdoc/>
    public bool KnowsDigests => false;

    /// <summary>Opens the container, and proves that it can be written, read, listed and deleted.</summary>
    /// <exception cref="StorageException">Something of that does not work; the message says what.</exception>
    public static async Task<AzureBlobStore> OpenAsync(
        AzureOptions options, TimeProvider time, ILogger<AzureBlobStore> logger, CancellationToken cancellationToken)
    {
        foreach (var (key, text) in options.FindMistakes())
        {
            throw new StorageException($"The option {key} of the object store {text}.", isTransient: false);
        }

        var store = Create(options, time, logger);
        try
        {
            await new AzureStartCheck(store._container, store._names, time).RunAsync(cancellationToken);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="OpenAsync(AzureOptions, TimeProvider, ILogger{AzureBlobStore}, CancellationToken)"/>, without a look at the container.</summary>
    public static AzureBlobStore Create(AzureOptions options, TimeProvider time, ILogger<AzureBlobStore> logger) => new(options, time, logger);

    /// <inheritdoc/>
    public async ValueTask<IBlobContent?> OpenAsync(BlobKey key, Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = _names.Blob(key);
        var info = await _container.HeadAsync(name, cancellationToken);
        return info is null ? null : new AzureBlobContent(_container, name, info);
    }

    /// <inheritdoc/>
    public async ValueTask<IStagedBlob?> StageAsync(BlobKey key, long offset, string? parts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        var name = _names.Blob(key);
        if (offset == 0)
        {
            return new AzureStagedBlob(_container, name, []);
        }

        if (StagedNotes.Parse(parts) is not { } notes || notes.Size != offset || await _container.FindBlocksAsync(name, cancellationToken) is not { } found)
        {
            return null;
        }

        // They are committed already when the node that did so died before it could say so.
        var blocks = found.Committed.Concat(found.Staged).ToHashSet();
        return notes.Blocks.All(blocks.Contains) ? new AzureStagedBlob(_container, name, notes.Blocks) : null;
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(BlobKey key, Digest digest, string? parts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = _names.Blob(key);
        if (parts is null)
        {
            _ = await _container.HeadAsync(name, cancellationToken) ?? throw Gone();
            return;
        }

        var notes = StagedNotes.Parse(parts) ?? throw Gone();
        if (await _container.CommitBlocksAsync(name, notes.Blocks, cancellationToken))
        {
            return;
        }

        var found = await _container.FindBlocksAsync(name, cancellationToken);
        if (await _container.HeadAsync(name, cancellationToken) is null)
        {
            throw Gone();
        }

        // Ids are random: the same ones are the same writer's, whose answer was lost, or who is at it again.
        // Or an earlier request stored the same bytes in one go, and ended before the row said so.
        if (found?.Committed.SequenceEqual(notes.Blocks) != true && !await this.HasBytesAsync(key, digest, cancellationToken))
        {
            throw new StorageException("Another object stands under this key.", isTransient: false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(BlobKey key, Digest? digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = _names.Blob(key);
        if (await _container.FindBlocksAsync(name, cancellationToken) is not { } found)
        {
            return false;
        }

        // A deletion need not reach blocks that are only staged, and a node that was paused must not put them together afterwards. To make an
        // object of some blocks, here of none, drops all others for good: that is done first where no object stands, and else when it is gone.
        var hasBlocks = found.Staged.Count > 0 && !await _container.CommitBlocksAsync(name, [], cancellationToken);
        await _container.DeleteAsync(name, cancellationToken);
        if (hasBlocks)
        {
            await _container.CommitBlocksAsync(name, [], cancellationToken);
            await _container.DeleteAsync(name, cancellationToken);
        }

        return true;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (name, size) in _container.ListAsync(_names.Blobs, cancellationToken))
        {
            if (!_names.TryParseBlob(name, out var key))
            {
                continue;
            }

            if (size > 0)
            {
                yield return new StoredObject(key, Digest: null, size);
            }
            else if (await _container.FindBlocksAsync(name, cancellationToken) is { } found)
            {
                yield return new StoredObject(key, Digest: null, found.Staged.Sum(block => block.Size));
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Uri?> FindUrlAsync(BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return method is "GET" or "HEAD" ? await _signer.SignAsync(_client.GetBlobClient(_names.Blob(key)), cancellationToken) : null;
    }

    /// <inheritdoc/>
    public string? FindName(BlobKey key, Digest digest) => _names.Blob(key);

    public void Dispose()
    {
        _signer.Dispose();
        _transport.Dispose();
    }

    private static StorageException Gone() => new("Nothing is staged under this key.", isTransient: false);
}
