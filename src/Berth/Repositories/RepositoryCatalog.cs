using Berth.Metadata;

namespace Berth.Repositories;

/// <summary>The repositories there are.</summary>
public sealed class RepositoryCatalog(IMetadataStore metadata)
{
    /// <summary>Repositories with at least one manifest, in byte order after <paramref name="last"/>.</summary>
    public Task<IReadOnlyList<RepositoryName>> ListAsync(string? last, int limit, CancellationToken cancellationToken) =>
        metadata.Repositories.ListAsync(last, limit, cancellationToken);
}
