using System.Runtime.CompilerServices;
using Berth.Blobs;
using Berth.Metadata;
using Berth.Storage;

namespace Berth.Collection;

/// <summary>Compares the database with the store and both with the invariants. It changes nothing, and may run beside a live registry.</summary>
/// <remarks>
/// What a live registry changes meanwhile must not look like a breach, so the order of reading matters: uploads before their
/// objects (which only grow), objects before the tables that know their keys (a key in no table is dead for ever), and whatever
/// looks wrong is looked at again.
/// </remarks>
public sealed class Fsck(IMetadataStore metadata, IBlobStore store)
{
    /// <summary>Yields every breach, as it is found.</summary>
    /// <param name="isDeep">Reads and hashes every blob.</param>
    public async IAsyncEnumerable<Finding> RunAsync(bool isDeep, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var finding in metadata.Inspection.CheckAsync(cancellationToken)) // F1 F3 F5 F7 F9
        {
            yield return finding;
        }

        await foreach (var manifest in metadata.Inspection.ListManifestsAsync(cancellationToken))
        {
            if (CheckManifest(manifest) is { } finding)
            {
                yield return finding;
            }
        }

        await foreach (var blob in metadata.Inspection.ListBlobsAsync(cancellationToken))
        {
            if (await CheckBlobAsync(blob, isDeep, cancellationToken) is { } finding)
            {
                yield return finding;
            }
        }

        await foreach (var finding in CheckObjectsAsync(cancellationToken))
        {
            yield return finding;
        }
    }

    private static Finding? CheckManifest(StoredManifest manifest)
    {
        var subject = $"{manifest.Repository}@{manifest.Row.Digest}";
        if (Digest.Of(manifest.Row.Content.Span, manifest.Row.Digest.Algorithm) != manifest.Row.Digest)
        {
            return new Finding("F2", subject, "the bytes do not hash to the digest");
        }

        try
        {
            Manifest.Parse(manifest.Row.Content, manifest.Row.MediaType);
            return null;
        }
        catch (OciException unreadable)
        {
            return new Finding("F2", subject, $"the bytes are no valid manifest: {unreadable.Error.Detail}");
        }
    }

    private async Task<Finding?> CheckBlobAsync(BlobRow blob, bool isDeep, CancellationToken cancellationToken)
    {
        try
        {
            return await CompareBlobAsync(blob, isDeep, cancellationToken);
        }
        catch (StorageException fault) // one that cannot be read must not hide the rest
        {
            return new Finding("F4", blob.Digest.Value, $"the object {blob.Key} cannot be read: {fault.Message}");
        }
    }

    private async Task<Finding?> CompareBlobAsync(BlobRow blob, bool isDeep, CancellationToken cancellationToken)
    {
        using var content = await store.OpenAsync(blob.Key, blob.Digest, cancellationToken);
        if (content?.Length != blob.Size)
        {
            var actual = content is null ? "is missing" : $"has {content.Length} bytes";
            return await IsStillBlobAsync(blob, cancellationToken)
                ? new Finding("F4", blob.Digest.Value, $"the object {blob.Key} should have {blob.Size} bytes but {actual}")
                : null;
        }

        return isDeep && await content.HashAsync(blob.Digest.Algorithm, cancellationToken) != blob.Digest
            ? new Finding("F4", blob.Digest.Value, $"the bytes of the object {blob.Key} do not hash to the digest")
            : null;
    }

    private async Task<bool> IsStillBlobAsync(BlobRow blob, CancellationToken cancellationToken) =>
        (await metadata.Inspection.FindKeyAsync(blob.Key, cancellationToken)).Contains(KeyState.Blob);

    /// <summary>F6 (objects that no table knows), F10 (uploads with fewer bytes than they promise) and F11 (what is no object).</summary>
    private async IAsyncEnumerable<Finding> CheckObjectsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var promised = new Dictionary<BlobKey, long>();
        await foreach (var upload in metadata.Inspection.ListUploadsAsync(cancellationToken))
        {
            if (upload.Offset > 0)
            {
                promised.Add(upload.Key, upload.Offset);
            }
        }

        var unknown = new HashSet<BlobKey>();
        await foreach (var found in store.ListAsync(cancellationToken))
        {
            if (promised.TryGetValue(found.Key, out var offset) && found.Size >= offset)
            {
                promised.Remove(found.Key);
            }
            else if ((await metadata.Inspection.FindKeyAsync(found.Key, cancellationToken)).Count == 0)
            {
                unknown.Add(found.Key);
            }
        }

        foreach (var (key, offset) in promised)
        {
            if ((await metadata.Inspection.FindKeyAsync(key, cancellationToken)).Contains(KeyState.Upload))
            {
                yield return new Finding("F10", key.ToString(), $"an upload promises {offset} bytes that its object does not have");
            }
        }

        if (unknown.Count > 0) // an object whose deletion was under way is gone by now
        {
            await foreach (var found in store.ListAsync(cancellationToken))
            {
                if (unknown.Contains(found.Key))
                {
                    yield return new Finding("F6", found.Key.ToString(), $"an object of {found.Size} bytes{(found.Digest is { } digest ? $", {digest}," : "")} that no table knows (a leak)");
                }
            }
        }

        if (store is IBlobStoreInspection inspection)
        {
            await foreach (var foreign in inspection.FindForeignAsync(cancellationToken))
            {
                yield return new Finding("F11", foreign, "does not belong into the data folder");
            }
        }
    }
}
