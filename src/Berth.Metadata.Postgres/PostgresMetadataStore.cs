using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Metadata.Postgres;

/// <summary>The database on a PostgreSQL server, version 13 or later. Any number of nodes may share it.</summary>
public sealed class PostgresMetadataStore : IMetadataStore
{
    private readonly PostgresDatabase _database;

    private PostgresMetadataStore(PostgresDatabase database, string schema)
    {
        _database = database;
        Repositories = new PostgresRepositoryTable(database);
        Blobs = new PostgresBlobTable(database);
        Uploads = new PostgresUploadTable(database);
        Manifests = new PostgresManifestTable(database);
        Tags = new PostgresTagTable(database);
        Referrers = new PostgresReferrerTable(database);
        PendingDeletes = new PostgresPendingDeleteTable(database);
        Inspection = new PostgresInspection(database);
        Listing = new PostgresListing(database);
        Identity = new PostgresIdentity(database);
        Leadership = new PostgresLeadership(database, schema);
    }

    public IRepositoryTable Repositories { get; }

    public IBlobTable Blobs { get; }

    public IUploadTable Uploads { get; }

    public IManifestTable Manifests { get; }

    public ITagTable Tags { get; }

    public IReferrerTable Referrers { get; }

    public IPendingDeleteTable PendingDeletes { get; }

    public IMetadataInspection Inspection { get; }

    public IMetadataListing Listing { get; }

    public IRegistryIdentity Identity { get; }

    public ILeadership Leadership { get; }

    /// <summary>Opens the database for reading and writing, and creates its schema or brings it up to date; many nodes may do so at once.</summary>
    /// <exception cref="StorageException">
    /// The server cannot be reached, does not keep what it commits, is too old, or the schema belongs to a newer version or another program.
    /// </exception>
    public static Task<PostgresMetadataStore> OpenAsync(
        PostgresOptions options, TimeProvider time, ILogger<PostgresMetadataStore> logger, CancellationToken cancellationToken) =>
        OpenAsync(options, isReadOnly: false, time, logger, cancellationToken);

    /// <summary>Opens the database for reading, also a standby of it. Changes throw <see cref="InvalidOperationException"/>.</summary>
    /// <exception cref="StorageException">The server cannot be reached, or the schema is not the one of this version.</exception>
    public static Task<PostgresMetadataStore> OpenReadOnlyAsync(
        PostgresOptions options, TimeProvider time, ILogger<PostgresMetadataStore> logger, CancellationToken cancellationToken) =>
        OpenAsync(options, isReadOnly: true, time, logger, cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static async Task<PostgresMetadataStore> OpenAsync(
        PostgresOptions options, bool isReadOnly, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var database = new PostgresDatabase(PostgresConnections.CreateSource(options, isReadOnly), time, logger, isReadOnly);
        try
        {
            var schema = new PostgresSchema(database, options.Schema, PostgresMigrations.All, logger);
            await PostgresRequirements.CheckAsync(database, isReadOnly, logger, cancellationToken);
            await (isReadOnly ? schema.RequireCurrentAsync(cancellationToken) : schema.MigrateAsync(cancellationToken));
            return new PostgresMetadataStore(database, options.Schema);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
