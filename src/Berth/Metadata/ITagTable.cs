using Berth.Tags;

namespace Berth.Metadata;

public interface ITagTable
{
    /// <summary>Tags in byte order; null when the repository does not exist.</summary>
    /// <param name="last">Tags up to and including this one are left out; it need not exist, or be a tag.</param>
    Task<IReadOnlyList<Tag>?> ListAsync(RepositoryName repository, string? last, int limit, CancellationToken cancellationToken);

    Task<TagRow?> FindAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken);

    /// <summary>Creates a tag or moves it.</summary>
    /// <returns>False when the repository has no such manifest.</returns>
    Task<bool> MoveAsync(RepositoryName repository, Tag tag, Digest digest, CancellationToken cancellationToken);

    /// <returns>False when there was no such tag.</returns>
    Task<bool> DeleteAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken);
}
