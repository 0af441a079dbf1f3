using Berth.Metadata;
using Berth.Metadata.Postgres;
using Berth.Metadata.Sqlite;
using Berth.Storage;
using Berth.Storage.Azure;
using Berth.Storage.FileSystem;
using Berth.Storage.Gcs;
using Berth.Storage.Middleware;
using Berth.Storage.S3;

namespace Berth.Server.Hosting;

/// <summary>The database and the blob store that the options name, open. Whoever opens them disposes them.</summary>
internal sealed class OpenStores : IAsyncDisposable
{
    private readonly DataFolder? _folder;

    private OpenStores(DataFolder? folder, IMetadataStore metadata, IBlobStore blobs)
    {
        (_folder, Metadata, Blobs) = (folder, metadata, blobs);
        Broken = metadata is SqliteMetadataStore sqlite ? sqlite.Broken : new TaskCompletionSource<StorageException>().Task;
    }

    /// <summary>Tells the data folder from every other; null when nothing is in one.</summary>
    public Guid? FolderId => _folder?.Id;

    public IMetadataStore Metadata { get; }

    public IBlobStore Blobs { get; }

    /// <summary>Ends when the disk fails in a way that only a new process can recover from.</summary>
    public Task<StorageException> Broken { get; }

    /// <summary>Opens them to serve; a data folder is created and locked.</summary>
    /// <exception cref="DataFolderInUseException">Another process has the folder.</exception>
    /// <exception cref="DataFolderException">The folder must not be used as it is.</exception>
    /// <exception cref="StorageException">The disk failed, or a server cannot be used; the message says what to do.</exception>
    public static Task<OpenStores> OpenAsync(BerthOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenAsync(
            options.NeedsDataFolder ? DataFolder.Open(options.DataFolder, options.AllowRemoteFileSystem, time) : null,
            async folder => options.Postgres is { } postgres
                ? await PostgresMetadataStore.OpenAsync(postgres, time, loggers.CreateLogger<PostgresMetadataStore>(), cancellationToken)
                : await SqliteMetadataStore.OpenAsync(options.SqlitePath ?? folder!.DatabasePath, time, loggers.CreateLogger<SqliteMetadataStore>(), cancellationToken),
            async folder => Decorate(
                options switch
                {
                    { S3: { } s3 } => await S3BlobStore.OpenAsync(s3, time, loggers.CreateLogger<S3BlobStore>(), cancellationToken),
                    { Azure: { } azure } => await AzureBlobStore.OpenAsync(azure, time, loggers.CreateLogger<AzureBlobStore>(), cancellationToken),
                    { Gcs: { } gcs } => await GcsBlobStore.OpenAsync(gcs, time, loggers.CreateLogger<GcsBlobStore>(), cancellationToken),
                    _ => new FileSystemBlobStore(folder!),
                },
                options.StorageMiddleware,
                time,
                loggers));

    /// <summary>Opens them to look at, also beside a running registry.</summary>
    /// <inheritdoc cref="OpenAsync(BerthOptions, TimeProvider, ILoggerFactory, CancellationToken)"/>
    public static Task<OpenStores> OpenReadOnlyAsync(
        BerthOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenAsync(
            options.NeedsDataFolder ? DataFolder.OpenReadOnly(options.DataFolder) : null,
            async folder => options.Postgres is { } postgres
                ? await PostgresMetadataStore.OpenReadOnlyAsync(postgres, time, loggers.CreateLogger<PostgresMetadataStore>(), cancellationToken)
                : await SqliteMetadataStore.OpenReadOnlyAsync(options.SqlitePath ?? folder!.DatabasePath, time, cancellationToken),
            folder => Task.FromResult<IBlobStore>(options switch
            {
                { S3: { } s3 } => S3BlobStore.Create(s3, time, loggers.CreateLogger<S3BlobStore>()),
                { Azure: { } azure } => AzureBlobStore.Create(azure, time, loggers.CreateLogger<AzureBlobStore>()),
                { Gcs: { } gcs } => GcsBlobStore.Create(gcs, time, loggers.CreateLogger<GcsBlobStore>()),
                _ => new FileSystemBlobStore(folder!),
            }));

    public async ValueTask DisposeAsync()
    {
        await Metadata.DisposeAsync();
        (Blobs as IDisposable)?.Dispose();
        _folder?.Dispose();
    }

    private static IBlobStore Decorate(
        IBlobStore store, IReadOnlyList<IBlobStoreMiddleware> middleware, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            return middleware.Aggregate(store, (inner, next) => store = next.Decorate(inner, time, loggers));
        }
        catch
        {
            (store as IDisposable)?.Dispose();
            throw;
        }
    }

    private static async Task<OpenStores> OpenAsync(
        DataFolder? folder, Func<DataFolder?, Task<IMetadataStore>> openMetadata, Func<DataFolder?, Task<IBlobStore>> openBlobs)
    {
        IMetadataStore? metadata = null;
        try
        {
            metadata = await openMetadata(folder);
            return new OpenStores(folder, metadata, await openBlobs(folder));
        }
        catch
        {
            if (metadata is not null)
            {
                await metadata.DisposeAsync();
            }

            folder?.Dispose();
            throw;
        }
    }
}
