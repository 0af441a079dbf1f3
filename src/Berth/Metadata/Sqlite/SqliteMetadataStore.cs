using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Metadata.Sqlite;

/// <summary>The database in one file of the data folder. One process at a time may change it.</summary>
/// <remarks>
/// <code>
/// meta.db       tables as in SqliteMigrations
/// meta.db-wal   committed changes that are not in meta.db yet; empty after a clean close
/// meta.db-shm   which connection reads and writes where; worth nothing without a process
/// </code>
/// </remarks>
public sealed class SqliteMetadataStore : IMetadataStore
{
    private SqliteMetadataStore(SqliteDatabase database)
    {
        Database = database;
        Repositories = new SqliteRepositoryTable(database);
        Blobs = new SqliteBlobTable(database);
        Uploads = new SqliteUploadTable(database);
        Manifests = new SqliteManifestTable(database);
        Tags = new SqliteTagTable(database);
        Referrers = new SqliteReferrerTable(database);
        PendingDeletes = new SqlitePendingDeleteTable(database);
        Inspection = new SqliteInspection(database);
        Listing = new SqliteListing(database);
        Identity = new SqliteIdentity(database);
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

    public ILeadership Leadership { get; } = new SoleLeadership();

    internal SqliteDatabase Database { get; }

    /// <summary>
    /// Ends, with the fault, when the disk has failed in a way after which nothing may be written: every further change is refused, and
    /// only a new process can know what is stored. Reading goes on.
    /// </summary>
    public Task<StorageException> Broken => Database.Broken;

    /// <summary>Opens a database for reading and writing, creates it if need be, and brings its schema up to date.</summary>
    /// <param name="path">The file. Its folder exists.</param>
    /// <exception cref="StorageException">The file cannot be opened, or belongs to a newer version or another program.</exception>
    public static Task<SqliteMetadataStore> OpenAsync(
        string path, TimeProvider time, ILogger<SqliteMetadataStore> logger, CancellationToken cancellationToken) =>
        Task.FromResult(new SqliteMetadataStore(SqliteDatabase.Open(path, time, logger, cancellationToken)));

    /// <summary>
    /// Opens a database for reading, also beside the process that writes it. Changes throw <see cref="InvalidOperationException"/>.
    /// </summary>
    /// <exception cref="StorageException">The file does not exist or cannot be opened, or its schema is not the one of this version.</exception>
    public static Task<SqliteMetadataStore> OpenReadOnlyAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new SqliteMetadataStore(SqliteDatabase.OpenReadOnly(path, time)));
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
