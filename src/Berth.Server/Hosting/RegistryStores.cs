using Berth.Metadata;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Server.Hosting;

/// <summary>The registry's stores: opened when the host is built, put in order before the first request, closed at the end.</summary>
internal sealed partial class RegistryStores : BackgroundService, IAsyncDisposable
{
    private readonly OpenStores _stores;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILoggerFactory _loggers;

    /// <inheritdoc cref="OpenStores.OpenAsync(BerthOptions, TimeProvider, ILoggerFactory, CancellationToken)" path="/exception"/>
    public RegistryStores(BerthOptions options, TimeProvider time, ILoggerFactory loggers, IHostApplicationLifetime lifetime)
    {
        (_loggers, _lifetime) = (loggers, lifetime);

        // A container of services makes them synchronously, and nothing else is to be done before these are open.
        _stores = OpenStores.OpenAsync(options, time, loggers, lifetime.ApplicationStopping).GetAwaiter().GetResult();
    }

    public IMetadataStore Metadata => _stores.Metadata;

    public IBlobStore Blobs => _stores.Blobs;

    /// <summary>Whether the disk failed in a way that only a new process can recover from.</summary>
    public bool IsBroken => _stores.Broken.IsCompleted;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await new UploadRecovery(Metadata, Blobs, _loggers.CreateLogger<UploadRecovery>()).RecoverAsync(cancellationToken);
        await Metadata.Identity.MarkServedAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var fault = await _stores.Broken.WaitAsync(stoppingToken);
        Log.Broken(_loggers.CreateLogger<RegistryStores>(), fault);
        _lifetime.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(2010, LogLevel.Critical, "The disk failed while the database was being written; stopping, because only a new process can know what is stored")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
