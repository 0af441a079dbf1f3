using Berth.Tags;

namespace Berth.Metadata;

public interface ITagTable
{
    /// <summary>Tags in byte order; null when the repository does not exist.</summary>
    /// <param name="last">Tags up to and including this one are left out; it need not exist, or be a tag.</param>
    Task<IReadOnlyList<Tag>?> ListAsync(RepositoryName repository, string? last, int limit, CancellationToken cancellationToken);

    Task<TagRow?> FindAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken);

    /// <summary>Creates a tag or moves it.</summary>
    /// <param name="mayOverwrite">Whether it may be moved when it points at another manifest.</param>
    /// <exception cref="OciException">DENIED, and no change: it does, and may not.</exception>
    /// <returns>False when the repository has no such manifest.</returns>
    Task<bool> MoveAsync(RepositoryName repository, Tag tag, Digest digest, bool mayOverwrite, CancellationToken cancellationToken);

    /// <returns>False when there was no such tag.</returns>
    Task<bool> DeleteAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken);
}
