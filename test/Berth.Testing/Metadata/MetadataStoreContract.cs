using Berth.Blobs;
using Berth.Manifests;
using Berth.Metadata;
using Berth.Oci;
using Berth.Storage;
using Berth.Uploads;
using Microsoft.Extensions.Time.Testing;

namespace Berth.Testing.Metadata;

/// <summary>
/// What every <see cref="IMetadataStore"/> promises is split by concept over the classes that derive from this one.
/// A driver proves itself by deriving from each of them.
/// </summary>
public abstract class MetadataStoreContract<TDatabase> : IAsyncLifetime
    where TDatabase : ITestDatabase, new()
{
    protected static readonly RepositoryName App = RepositoryName.Parse("team/app");
    protected static readonly RepositoryName Other = RepositoryName.Parse("team/other");
    protected static readonly Tag Latest = Tag.Parse("latest");

    private IMetadataStore? _store;

    protected TDatabase Database { get; } = new();

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    protected IMetadataStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await Database.OpenAsync(Clock, Cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        await InitializeAsync();
    }

    protected UploadRow NewUpload(RepositoryName repository) =>
        new(UploadId.Create(), BlobKey.Create(Clock), repository, DigestAlgorithm.Sha256, 0);

    protected async Task<UploadRow> StartUploadAsync(RepositoryName repository)
    {
        var upload = NewUpload(repository);
        await Store.Uploads.CreateAsync(upload, Cancellation);
        return upload;
    }

    /// <summary>Stores a blob with some content and links it into a repository.</summary>
    protected async Task<BlobRow> PushBlobAsync(RepositoryName repository, string content)
    {
        var upload = await StartUploadAsync(repository);
        Assert.True(await Store.Uploads.AttachAsync(upload, Sample.DigestOf(content), content.Length, damaged: null, Cancellation));
        return new BlobRow(Sample.DigestOf(content), upload.Key, content.Length);
    }

    /// <summary>Stores a manifest, demands all its references that can be demanded, and expects to succeed.</summary>
    protected async Task<ManifestPush> PushAsync(RepositoryName repository, Manifest manifest, params Tag[] tags)
    {
        var push = Sample.Push(repository, manifest, tags);
        Assert.Empty(await Store.Manifests.PutAsync(push, Cancellation));
        return push;
    }

    /// <summary>Stores an image of one config and one layer, which differs from those of other names.</summary>
    protected async Task<ManifestPush> PushImageAsync(RepositoryName repository, string name, params Tag[] tags)
    {
        await PushBlobAsync(repository, $"config of {name}");
        await PushBlobAsync(repository, $"layer of {name}");
        return await PushAsync(repository, Sample.Image($"config of {name}", [$"layer of {name}"]), tags);
    }
}
