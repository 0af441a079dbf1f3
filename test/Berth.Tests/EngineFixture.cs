using Berth.Access;
using System.IO.Pipelines;
using Berth.Metadata.Sqlite;
using Berth.Storage.Memory;
using Berth.Testing;
using Berth.Uploads;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Berth.Tests;

/// <summary>The engine over a real database and a store in memory, with a clock that tests move.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    public static readonly RepositoryName App = RepositoryName.Parse("team/app");

    private readonly TemporaryFolder _folder = new();

    private EngineFixture(RegistryOptions options)
    {
        Metadata = SqliteMetadataStore
            .OpenAsync(Path.Combine(_folder.FullPath, "meta.db"), Clock, NullLogger<SqliteMetadataStore>.Instance, Cancellation).GetAwaiter().GetResult();
        Registry = new Registry(Metadata, Store, options, Clock, NullLoggerFactory.Instance);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public MemoryBlobStore Store { get; } = new();

    public SqliteMetadataStore Metadata { get; }

    public Registry Registry { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static EngineFixture Create(RegistryOptions? options = null) => new(options ?? new RegistryOptions());

    public static UploadBody Body(byte[] content) => new(PipeReader.Create(new MemoryStream(content)));

    /// <summary>Pushes a blob in one go and returns its digest.</summary>
    public async Task<Digest> PushAsync(byte[] content)
    {
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var upload = await Registry.Uploads.StartAsync(Caller.Local, App, DigestAlgorithm.Sha256, Cancellation);
        await Registry.Uploads.FinishAsync(Caller.Local, App, upload.Id, digest, Body(content), Cancellation);
        return digest;
    }

    public async Task<byte[]?> ReadAsync(Digest digest)
    {
        using var blob = await Registry.Blobs.OpenAsync(Caller.Local, App, digest, Cancellation);
        if (blob is null)
        {
            return null;
        }

        var content = new byte[blob.Row.Size];
        var read = await blob.Content.ReadAsync(content, 0, Cancellation);
        return content[..read];
    }

    public async Task<int> CountObjectsAsync()
    {
        var count = 0;
        await foreach (var _ in Store.ListAsync(Cancellation))
        {
            count++;
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        Registry.Dispose();
        await Metadata.DisposeAsync();
        _folder.Dispose();
    }
}
