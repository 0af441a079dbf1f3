using Berth.Access;
using Berth.Metadata;
using Microsoft.Extensions.Logging;

namespace Berth.Manifests;

/// <summary>The manifests of repositories.</summary>
public sealed partial class RepositoryManifests(
    IMetadataStore metadata, IManifestContents contents, RegistryOptions options, EffectGuard guard, ILogger<RepositoryManifests> logger)
{
    /// <summary>The manifest with a digest, or the one a tag points at, without its bytes; null when there is none.</summary>
    public Task<ManifestHead?> ResolveAsync(Caller caller, RepositoryName repository, Reference reference, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Pull);
        return metadata.Manifests.ResolveAsync(repository, reference, cancellationToken);
    }

    /// <summary>The bytes of a manifest that was resolved just now; null when it was deleted since.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(Caller caller, RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Pull);
        if (await contents.FindAsync(digest, cancellationToken) is { } near)
        {
            return near;
        }

        if (await metadata.Manifests.FindAsync(repository, digest, cancellationToken) is not { } row)
        {
            return null;
        }

        contents.Add(digest, row.Content);
        return row.Content;
    }

    /// <summary>Stores a manifest under its exact bytes, and points tags at it.</summary>
    /// <param name="reference">A digest the bytes must have, or a tag to point at them.</param>
    /// <param name="tags">Further tags; only with a digest.</param>
    /// <returns>What was stored.</returns>
    /// <exception cref="OciException">DIGEST_INVALID, TAG_INVALID, or DENIED when a tag would move and the caller may only create.</exception>
    /// <exception cref="ManifestRefusedException">Its references are not all there.</exception>
    public async Task<ManifestPush> PutAsync(
        Caller caller,
        RepositoryName repository,
        Reference reference,
        Manifest manifest,
        IReadOnlyList<Tag> tags,
        CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Push);
        if (reference.Tag is not null && tags.Count > 0)
        {
            throw new OciException(OciError.TagsNeedDigest());
        }

        var digest = Digest.Of(manifest.Content.Span, reference.Digest?.Algorithm ?? DigestAlgorithm.Sha256);
        if (reference.Digest is { } expected && expected != digest)
        {
            throw new OciException(OciError.DigestMismatch(expected, digest));
        }

        var push = new ManifestPush(
            repository,
            digest,
            manifest,
            options.Demands.Of(manifest),
            reference.Tag is { } tag ? [tag] : tags,
            guard.MayOverwrite(caller, repository));
        if (await metadata.Manifests.PutAsync(push, cancellationToken) is { Count: > 0 } missing)
        {
            throw new ManifestRefusedException(missing);
        }

        Log.ManifestPushed(logger, repository, digest, push.Tags.Count);
        return push;
    }

    /// <summary>Deletes a manifest and the tags that point at it.</summary>
    /// <exception cref="OciException">MANIFEST_UNKNOWN, or DENIED while an index of the repository needs it.</exception>
    public async Task DeleteAsync(Caller caller, RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Delete);
        switch (await metadata.Manifests.DeleteAsync(repository, digest, cancellationToken))
        {
            case DeleteOutcome.NotFound:
                throw new OciException(OciError.ManifestUnknown(digest));
            case DeleteOutcome.InUse:
                throw new OciException(OciError.ManifestInUse(digest));
            default:
                Log.ManifestDeleted(logger, repository, digest);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ManifestPushed, LogLevel.Information, "Stored manifest {Digest} in {Repository} with {Tags} tags")]
        public static partial void ManifestPushed(ILogger logger, RepositoryName repository, Digest digest, int tags);

        [LoggerMessage(EventIds.ManifestDeleted, LogLevel.Information, "Deleted manifest {Digest} from {Repository}")]
        public static partial void ManifestDeleted(ILogger logger, RepositoryName repository, Digest digest);
    }
}
