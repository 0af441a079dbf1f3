using Berth.Metadata;
using Berth.Metadata.Sqlite;
using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Uploads;

namespace Berth.Server.Hosting;

/// <summary>The open data folder: opened and locked when the host is built, put in order before the first request, closed at the end.</summary>
internal sealed partial class RegistryStores : BackgroundService, IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly SqliteMetadataStore _metadata;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILoggerFactory _loggers;

    /// <exception cref="DataFolderInUseException">Another process has the folder.</exception>
    /// <exception cref="DataFolderException">The folder must not be used as it is.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    public RegistryStores(BerthOptions options, TimeProvider time, ILoggerFactory loggers, IHostApplicationLifetime lifetime)
    {
        (_loggers, _lifetime) = (loggers, lifetime);
        _folder = DataFolder.Open(options.DataFolder, options.AllowRemoteFileSystem, time);
        try
        {
            // Opening reads a local file; there is nothing to wait for, and nothing else to do meanwhile.
            _metadata = SqliteMetadataStore
                .OpenAsync(_folder.DatabasePath, time, loggers.CreateLogger<SqliteMetadataStore>(), CancellationToken.None)
                .GetAwaiter().GetResult();
            Blobs = new FileSystemBlobStore(_folder);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public IMetadataStore Metadata => _metadata;

    public IBlobStore Blobs { get; }

    /// <summary>Whether the disk failed in a way that only a new process can recover from.</summary>
    public bool IsBroken => _metadata.Broken.IsCompleted;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await new UploadRecovery(Metadata, Blobs, _loggers.CreateLogger<UploadRecovery>()).RecoverAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _metadata.DisposeAsync();
        _folder.Dispose();
        Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var fault = await _metadata.Broken.WaitAsync(stoppingToken);
        Log.Broken(_loggers.CreateLogger<RegistryStores>(), fault);
        _lifetime.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(2010, LogLevel.Critical, "The disk failed while the database was being written; stopping, because only a new process can know what is stored")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
