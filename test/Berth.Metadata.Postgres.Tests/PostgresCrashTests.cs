using System.Collections.Concurrent;
using Berth.Manifests;
using Berth.Oci;
using Berth.Storage;
using Berth.Testing;
using Berth.Testing.Metadata;
using Berth.Uploads;

namespace Berth.Metadata.Postgres.Tests;

public sealed class PostgresCrashTests
{
    private const int Writers = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_before_the_server_crashed_is_there_and_the_store_goes_on()
    {
        await using var server = await PostgresServer.StartAsync(Cancellation);
        await using var database = new PostgresTestDatabase(server);
        await using var store = await database.OpenStoreAsync();
        var acknowledged = new ConcurrentBag<ManifestPush>();
        using var signal = new SemaphoreSlim(0);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writers = Enumerable.Range(0, Writers).Select(writer => PushAsync(store, $"app/{writer}", acknowledged, signal, end.Token)).ToList();

        for (var crash = 0; crash < 3; crash++)
        {
            await WaitAsync(signal, 40);
            await server.CrashAsync(Cancellation);
            await server.StartAgainAsync(Cancellation);
        }

        await WaitAsync(signal, 40);
        await end.CancelAsync();
        await Task.WhenAll(writers);

        foreach (var push in acknowledged)
        {
            Assert.Equal(push.Digest, (await store.Manifests.FindAsync(push.Repository, push.Tags[0], Cancellation))?.Digest);
        }

        Assert.Empty(await store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task While_the_server_is_down_everything_is_a_transient_fault()
    {
        await using var server = await PostgresServer.StartAsync(Cancellation);
        await using var database = new PostgresTestDatabase(server);
        await using var store = await database.OpenStoreAsync();
        await server.StopAsync(Cancellation);

        var onRead = await Assert.ThrowsAsync<StorageException>(() => store.Repositories.ListAsync(last: null, 1, Cancellation));
        var onChange = await Assert.ThrowsAsync<StorageException>(() => store.PendingDeletes.RemoveAsync([], Cancellation));

        Assert.True(onRead.IsTransient && onChange.IsTransient);
        await server.StartAgainAsync(Cancellation);
        Assert.Empty(await store.Repositories.ListAsync(last: null, 1, Cancellation));
    }

    /// <summary>Pushes blobs and manifests, each under its own tag, as a client that tries again does.</summary>
    private static async Task PushAsync(
        PostgresMetadataStore store,
        string name,
        ConcurrentBag<ManifestPush> acknowledged,
        SemaphoreSlim signal,
        CancellationToken cancellationToken)
    {
        var repository = RepositoryName.Parse(name);
        for (var index = 0; !cancellationToken.IsCancellationRequested; index++)
        {
            try
            {
                var content = $"{name} {index}";
                var upload = new UploadRow(UploadId.Create(), BlobKey.Create(TimeProvider.System), repository, DigestAlgorithm.Sha256, 0);
                await store.Uploads.CreateAsync(upload, cancellationToken);
                await store.Uploads.AttachAsync(upload, Sample.DigestOf(content), content.Length, damaged: null, cancellationToken);
                var push = Sample.Push(repository, Sample.Image(content, []), Tag.Parse($"v{index}"));
                Assert.Empty(await store.Manifests.PutAsync(push, cancellationToken));
                acknowledged.Add(push);
                signal.Release();
            }
            catch (StorageException fault)
            {
                Assert.True(fault.IsTransient, fault.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task WaitAsync(SemaphoreSlim signal, int count)
    {
        for (var index = 0; index < count; index++)
        {
            await signal.WaitAsync(Cancellation);
        }
    }
}
