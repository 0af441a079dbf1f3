using Berth.Referrers;

namespace Berth.Metadata;

public interface IReferrerTable
{
    /// <summary>Manifests whose subject is <paramref name="subject"/>, in the order they were pushed.</summary>
    /// <returns>Fewer than <paramref name="limit"/> also when their annotations are large; none only when there are no more.</returns>
    /// <param name="artifactType">Only those of this artifact type; null: all.</param>
    /// <param name="after">Only those with a greater <see cref="ReferrerRow.Position"/>.</param>
    Task<IReadOnlyList<ReferrerRow>> ListAsync(
        RepositoryName repository, Digest subject, string? artifactType, long after, int limit, CancellationToken cancellationToken);
}
