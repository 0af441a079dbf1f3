using Berth.Access;
using Berth.Metadata;
using Microsoft.Extensions.Logging;

namespace Berth.Tags;

/// <summary>The tags of repositories.</summary>
public sealed partial class RepositoryTags(IMetadataStore metadata, EffectGuard guard, ILogger<RepositoryTags> logger)
{
    /// <summary>Tags in byte order after <paramref name="last"/>; null when the repository does not exist.</summary>
    public Task<IReadOnlyList<Tag>?> ListAsync(
        Caller caller, RepositoryName repository, string? last, int limit, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Pull);
        return metadata.Tags.ListAsync(repository, last, limit, cancellationToken);
    }

    public Task<TagRow?> FindAsync(Caller caller, RepositoryName repository, Tag tag, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Pull);
        return metadata.Tags.FindAsync(repository, tag, cancellationToken);
    }

    /// <summary>Points a tag at a manifest that the repository has.</summary>
    /// <exception cref="OciException">MANIFEST_UNKNOWN, or DENIED when the tag would move and the caller may only create.</exception>
    public async Task MoveAsync(Caller caller, RepositoryName repository, Tag tag, Digest digest, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Push);
        if (!await metadata.Tags.MoveAsync(repository, tag, digest, guard.MayOverwrite(caller, repository), cancellationToken))
        {
            throw new OciException(OciError.ManifestUnknown(digest));
        }

        Log.TagMoved(logger, repository, tag, digest);
    }

    /// <summary>Deletes a tag; its manifest stays.</summary>
    /// <exception cref="OciException">MANIFEST_UNKNOWN.</exception>
    public async Task DeleteAsync(Caller caller, RepositoryName repository, Tag tag, CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Delete);
        if (!await metadata.Tags.DeleteAsync(repository, tag, cancellationToken))
        {
            throw new OciException(OciError.ManifestUnknown(tag));
        }

        Log.TagDeleted(logger, repository, tag);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.TagMoved, LogLevel.Information, "Tag {Repository}:{Tag} points at {Digest}")]
        public static partial void TagMoved(ILogger logger, RepositoryName repository, Tag tag, Digest digest);

        [LoggerMessage(EventIds.TagDeleted, LogLevel.Information, "Deleted tag {Repository}:{Tag}")]
        public static partial void TagDeleted(ILogger logger, RepositoryName repository, Tag tag);
    }
}
