using Berth.Metadata;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Server.Hosting;

/// <summary>The registry's stores: opened when the host is built, put in order before the first request, closed at the end.</summary>
internal sealed partial class RegistryStores : BackgroundService, IAsyncDisposable
{
    private const int Attempts = 20;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);

    private readonly OpenStores _stores;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILoggerFactory _loggers;

    /// <inheritdoc cref="OpenStores.OpenAsync(BerthOptions, TimeProvider, ILoggerFactory, CancellationToken)" path="/exception"/>
    public RegistryStores(BerthOptions options, TimeProvider time, ILoggerFactory loggers, IHostApplicationLifetime lifetime)
    {
        (_loggers, _lifetime, _time) = (loggers, lifetime, time);

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
        await MarkServedAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>While a migration fills the database, no server may start on it: what clients pushed there, it would delete.</summary>
    /// <exception cref="StorageException">One is at work.</exception>
    private async Task MarkServedAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; !await Metadata.Identity.IsServedAsync(cancellationToken); attempt++)
        {
            await using var term = await Metadata.Leadership.TryBeginAsync(cancellationToken);
            if (term is not null)
            {
                await Metadata.Identity.MarkServedAsync(cancellationToken);
                return;
            }

            if (attempt == Attempts)
            {
                throw new StorageException("A migration into this database is at work; start the server when it has ended.", isTransient: true);
            }

            await Task.Delay(BetweenAttempts, _time, cancellationToken); // another node starts for the first time, too
        }
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
