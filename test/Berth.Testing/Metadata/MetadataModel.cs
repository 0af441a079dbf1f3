using Berth.Blobs;
using Berth.Manifests;
using Berth.Metadata;
using Berth.Oci;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Testing.Metadata;

/// <summary>What an <see cref="IMetadataStore"/> does, in dictionaries: slow, and simple enough to be seen to be right.</summary>
internal sealed class MetadataModel
{
    public HashSet<RepositoryName> Repositories { get; } = [];

    public Dictionary<Digest, BlobRow> Blobs { get; } = [];

    public HashSet<(RepositoryName Repository, Digest Digest)> Links { get; } = [];

    public Dictionary<UploadId, UploadRow> Uploads { get; } = [];

    public Dictionary<UploadId, (RepositoryName Repository, Digest Digest)> Finished { get; } = [];

    public Dictionary<BlobKey, Digest?> PendingDeletes { get; } = [];

    /// <summary>In the order they were pushed.</summary>
    public List<ManifestPush> Manifests { get; } = [];

    public Dictionary<(RepositoryName Repository, Tag Tag), Digest> Tags { get; } = [];

    public bool Attach(UploadId id, Digest digest, long size, BlobKey? damaged)
    {
        if (!Uploads.Remove(id, out var upload))
        {
            return false;
        }

        var stored = Blobs.GetValueOrDefault(digest);
        if (stored is null || stored.Key == damaged)
        {
            Blobs[digest] = new BlobRow(digest, upload.Key, size);
        }

        if (stored is not null)
        {
            PendingDeletes.Add(stored.Key == damaged ? stored.Key : upload.Key, digest);
        }

        Link(upload.Repository, digest);
        Finished.Add(id, (upload.Repository, digest));
        return true;
    }

    public bool Discard(UploadId id)
    {
        var isThere = Uploads.Remove(id, out var upload);
        if (upload is not null)
        {
            PendingDeletes.Add(upload.Key, null);
        }

        return isThere;
    }

    public bool Link(RepositoryName repository, Digest digest, RepositoryName? source)
    {
        var isThere = source is { } from ? Links.Contains((from, digest)) : Blobs.ContainsKey(digest);
        if (isThere)
        {
            Link(repository, digest);
        }

        return isThere;
    }

    public DeleteOutcome Unlink(RepositoryName repository, Digest digest)
    {
        if (!Links.Contains((repository, digest)))
        {
            return DeleteOutcome.NotFound;
        }

        var isManifest = Find(repository, digest) is not null;
        if (Demands(repository, digest, except: null).Any(kind => kind == ReferenceKind.Blob || kind == ReferenceKind.Either && !isManifest))
        {
            return DeleteOutcome.InUse;
        }

        Links.Remove((repository, digest));
        return DeleteOutcome.Deleted;
    }

    public IReadOnlyList<Digest> Put(ManifestPush push)
    {
        var missing =
            from reference in push.Manifest.References
            where push.Demanded.Contains(reference.Descriptor.Digest)
            where !IsThere(push.Repository, reference)
            select reference.Descriptor.Digest;
        if (missing.ToList() is { Count: > 0 } digests)
        {
            return digests;
        }

        Repositories.Add(push.Repository);
        if (Find(push.Repository, push.Digest) is { } known)
        {
            Manifests[Manifests.IndexOf(known)] = known with { Demanded = known.Demanded.Union(push.Demanded).ToHashSet() };
        }
        else
        {
            Manifests.Add(push);
        }

        foreach (var tag in push.Tags)
        {
            Tags[(push.Repository, tag)] = push.Digest;
        }

        return [];
    }

    public DeleteOutcome Delete(RepositoryName repository, Digest digest)
    {
        if (Find(repository, digest) is not { } manifest)
        {
            return DeleteOutcome.NotFound;
        }

        var isBlob = Links.Contains((repository, digest));
        if (Demands(repository, digest, except: digest).Any(kind => kind == ReferenceKind.Manifest || kind == ReferenceKind.Either && !isBlob))
        {
            return DeleteOutcome.InUse;
        }

        Manifests.Remove(manifest);
        foreach (var tag in Tags.Where(tag => tag.Key.Repository == repository && tag.Value == digest).ToList())
        {
            Tags.Remove(tag.Key);
        }

        return DeleteOutcome.Deleted;
    }

    public bool Move(RepositoryName repository, Tag tag, Digest digest)
    {
        var isThere = Find(repository, digest) is not null;
        if (isThere)
        {
            Tags[(repository, tag)] = digest;
        }

        return isThere;
    }

    private void Link(RepositoryName repository, Digest digest)
    {
        Repositories.Add(repository);
        Links.Add((repository, digest));
    }

    private ManifestPush? Find(RepositoryName repository, Digest digest) =>
        Manifests.Find(manifest => manifest.Repository == repository && manifest.Digest == digest);

    private bool IsThere(RepositoryName repository, ManifestReference reference)
    {
        var (digest, size) = (reference.Descriptor.Digest, reference.Descriptor.Size);
        var isBlob = Links.Contains((repository, digest)) && Blobs[digest].Size == size;
        var isManifest = Find(repository, digest)?.Manifest.Content.Length == size;
        return reference.Kind switch
        {
            ReferenceKind.Blob => isBlob,
            ReferenceKind.Manifest => isManifest,
            _ => isBlob || isManifest,
        };
    }

    private IEnumerable<ReferenceKind> Demands(RepositoryName repository, Digest digest, Digest? except) =>
        from manifest in Manifests
        where manifest.Repository == repository && manifest.Digest != except && manifest.Demanded.Contains(digest)
        from reference in manifest.Manifest.References
        where reference.Descriptor.Digest == digest
        select reference.Kind;
}
