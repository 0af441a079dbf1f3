using Berth.Storage;

namespace Berth.Metadata;

/// <summary>Objects that nobody can reach any more and that wait to be deleted. Only these are ever deleted (R6).</summary>
public interface IPendingDeleteTable
{
    /// <param name="after">Only keys after this one; null: from the start.</param>
    Task<IReadOnlyList<PendingDelete>> ListAsync(BlobKey? after, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets keys whose objects are gone.</summary>
    Task RemoveAsync(IReadOnlyCollection<BlobKey> keys, CancellationToken cancellationToken);
}
