using Berth.Metadata;

namespace Berth.Testing.Metadata;

/// <summary>An empty database of one driver, for one test. Disposing removes it.</summary>
public interface ITestDatabase : IAsyncDisposable
{
    /// <summary>Opens the database; again after the store was disposed, to see what is left.</summary>
    Task<IMetadataStore> OpenAsync(TimeProvider time, CancellationToken cancellationToken);
}
