using Berth.Metadata;
using Berth.Metadata.Sqlite;
using Berth.Storage;
using Berth.Storage.FileSystem;

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
            DataFolder.Open(options.DataFolder, options.AllowRemoteFileSystem, time),
            async folder => await SqliteMetadataStore.OpenAsync(
                folder.DatabasePath, time, loggers.CreateLogger<SqliteMetadataStore>(), cancellationToken));

    /// <summary>Opens them to look at, also beside a running registry.</summary>
    /// <inheritdoc cref="OpenAsync(BerthOptions, TimeProvider, ILoggerFactory, CancellationToken)"/>
    public static Task<OpenStores> OpenReadOnlyAsync(BerthOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(
            DataFolder.OpenReadOnly(options.DataFolder),
            async folder => await SqliteMetadataStore.OpenReadOnlyAsync(folder.DatabasePath, time, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await Metadata.DisposeAsync();
        _folder?.Dispose();
    }

    private static async Task<OpenStores> OpenAsync(DataFolder folder, Func<DataFolder, Task<IMetadataStore>> openMetadata)
    {
        try
        {
            return new OpenStores(folder, await openMetadata(folder), new FileSystemBlobStore(folder));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
