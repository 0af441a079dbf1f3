namespace Berth.Metadata;

public interface IRepositoryTable
{
    /// <summary>Repositories that have at least one manifest, in byte order of their names.</summary>
    /// <param name="last">Names up to and including this one are left out; it need not exist, or be a name.</param>
    Task<IReadOnlyList<RepositoryName>> ListAsync(string? last, int limit, CancellationToken cancellationToken);
}
