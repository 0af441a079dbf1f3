namespace Berth.Metadata.Postgres;

/// <summary>A row of repositories, locked so that it is neither deleted nor said to be without manifests before the transaction ends.</summary>
internal sealed record PostgresRepository(long Id, bool HasManifests);
