using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Storage.Gcs.Tests;

/// <summary>A server for one class of tests, with pages that are short; each test has a root of its own in it.</summary>
public sealed class BucketFixture : IAsyncDisposable
{
    public const int Chunk = 256 * 1024;

    public GcsServer Server { get; } = new() { PageSize = 2 };

    /// <summary>What a store of this bucket needs to know: few retries, and a root that nobody else has.</summary>
    public GcsOptions NewOptions() => new()
    {
        Bucket = GcsObjects.Bucket,
        RootDirectory = $"/root-{BlobKey.Create(TimeProvider.System)}",
        EmulatorHost = Server.Address.Authority,
        ChunkSize = Chunk,
        MaxRetries = 2,
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    /// <summary>A store that is open, without its start check, which would spoil what a test counts.</summary>
    public static GcsBlobStore Open(GcsOptions options) => GcsBlobStore.Create(options, TimeProvider.System, NullLogger<GcsBlobStore>.Instance);

    public IReadOnlyList<string> Names(GcsOptions options) => Server.Objects.Names(options.RootPrefix);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
