using Berth.Oci;
using Berth.Storage;
using Berth.Testing.Metadata;
using Berth.Uploads;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Metadata.Postgres.Tests;

/// <summary>A connection that is lost during a commit: what the caller hears is what happened.</summary>
public sealed class PostgresCommitTests : IAsyncLifetime
{
    private static readonly RepositoryName App = RepositoryName.Parse("app");
    private static readonly Digest Hello = Sample.DigestOf("hello");

    private readonly PostgresTestDatabase _database = new();
    private readonly UploadRow _upload = new(UploadId.Create(), BlobKey.Create(TimeProvider.System), App, DigestAlgorithm.Sha256, 0);
    private CommitProxy? _proxy;
    private PostgresMetadataStore? _store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CommitProxy Proxy => _proxy!;

    private PostgresMetadataStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _proxy = new CommitProxy((await PostgresFixture.GetServerAsync()).Port);
        var options = await _database.GetOptionsAsync();
        _store = await PostgresMetadataStore.OpenAsync(
            options with { ConnectionString = $"{options.ConnectionString};Port={Proxy.Port}" },
            TimeProvider.System,
            NullLogger<PostgresMetadataStore>.Instance,
            Cancellation);
        await Store.Uploads.CreateAsync(_upload, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_change_whose_commit_did_not_arrive_is_made_again()
    {
        Proxy.CutBefore();

        Assert.True(await Store.Uploads.AttachAsync(_upload, Hello, 5, damaged: null, Cancellation));

        Assert.Equal(1, Proxy.Cuts);
        Assert.Equal([KeyState.Blob], await Store.Inspection.FindKeyAsync(_upload.Key, Cancellation));
    }

    [Fact]
    public async Task A_change_whose_commit_was_carried_out_succeeds_and_is_not_made_again()
    {
        Proxy.CutAfter();

        Assert.True(await Store.Uploads.AttachAsync(_upload, Hello, 5, damaged: null, Cancellation)); // made again, it would find no session

        Assert.Equal(1, Proxy.Cuts);
        Assert.Equal([KeyState.Blob], await Store.Inspection.FindKeyAsync(_upload.Key, Cancellation));
    }

    [Fact]
    public async Task A_change_of_which_nobody_can_say_whether_it_happened_is_a_transient_fault()
    {
        Proxy.CutAfter(() => _database.ExecuteAsync($"DELETE FROM {_database.Schema}.incarnation")); // as a crash does

        var fault = await Assert.ThrowsAsync<StorageException>(
            () => Store.Uploads.AttachAsync(_upload, Hello, 5, damaged: null, Cancellation));

        Assert.True(fault.IsTransient);
        Assert.Equal(1, Proxy.Cuts);

        Proxy.CutAfter(); // and the next one is looked up again
        Assert.Equal(DeleteOutcome.Deleted, await Store.Blobs.UnlinkAsync(App, Hello, Cancellation));
        Assert.Equal(2, Proxy.Cuts);
    }

    [Fact]
    public async Task Every_cut_of_many_is_survived()
    {
        for (var round = 0; round < 20; round++)
        {
            (round % 2 == 0 ? (Action)Proxy.CutBefore : () => Proxy.CutAfter())();
            var upload = _upload with { Id = UploadId.Create(), Key = BlobKey.Create(TimeProvider.System) };
            await Store.Uploads.CreateAsync(upload, Cancellation);
            Assert.True(await Store.Uploads.AttachAsync(upload, Sample.DigestOf($"{round}"), 5, damaged: null, Cancellation));
        }

        Assert.Equal(20, Proxy.Cuts);
        Assert.Equal(20, await Store.Inspection.ListBlobsAsync(Cancellation).CountAsync(Cancellation));
        Assert.Empty(await Store.PendingDeletes.ListAsync(after: null, 10, Cancellation));
    }
}
