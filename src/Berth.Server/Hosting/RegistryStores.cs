using Berth.Metadata;
using Berth.Metadata.Sqlite;
using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Uploads;

namespace Berth.Server.Hosting;

/// <summary>The open data folder: opened and locked when made, put in order before the first request, closed at the end.</summary>
internal sealed class RegistryStores : IHostedService, IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    public RegistryStores(BerthOptions options, TimeProvider time, ILoggerFactory loggers, IHostApplicationLifetime lifetime)
    {
        throw new NotImplementedException();
    }

    public IMetadataStore Metadata { get; }

    public IBlobStore Blobs { get; }

    public Task StartAsync(CancellationToken cancellationToken) =>
        new UploadRecovery(Metadata, Blobs, _loggers.CreateLogger<UploadRecovery>()).RecoverAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync() => await Metadata.DisposeAsync();
}
