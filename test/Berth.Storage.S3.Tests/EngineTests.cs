using Berth.Access;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Berth.Collection;
using Berth.Metadata.Sqlite;
using Berth.Uploads;
using Microsoft.Extensions.Logging.Abstractions;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.S3.Tests;

/// <summary>The engine on a bucket, as two nodes that share the database.</summary>
public sealed class EngineTests(BucketFixture bucket) : IClassFixture<BucketFixture>, IAsyncLifetime
{
    private const int MiB = 1024 * 1024;
    private static readonly RepositoryName App = RepositoryName.Parse("team/app");

    private readonly TemporaryFolder _folder = new();
    private readonly List<Registry> _nodes = [];
    private readonly List<S3BlobStore> _stores = [];
    private S3Options _options = new();
    private FaultyProxy? _proxy;
    private SqliteMetadataStore? _metadata;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _options = await bucket.NewOptionsAsync();
        _proxy = new FaultyProxy(bucket.Server.Address);
        _metadata = await SqliteMetadataStore.OpenAsync(_folder["meta.db"], TimeProvider.System, NullLogger<SqliteMetadataStore>.Instance, Token);
        for (var node = 0; node < 2; node++)
        {
            _stores.Add(BucketFixture.Open(_options with { RegionEndpoint = _proxy.Address.ToString(), MaxRetries = 0 }));
            _nodes.Add(new Registry(_metadata, _stores[node], new RegistryOptions(), TimeProvider.System, NullLoggerFactory.Instance));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _nodes.ForEach(node => node.Dispose());
        _stores.ForEach(store => store.Dispose());
        if (_metadata is not null)
        {
            await _metadata.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Each_chunk_may_come_to_another_node()
    {
        var content = RandomNumberGenerator.GetBytes(13 * MiB);
        var upload = await _nodes[0].Uploads.StartAsync(Caller.Local, App, DigestAlgorithm.Sha256, Token);

        await _nodes[1].Uploads.AppendAsync(Caller.Local, App, upload.Id, Body(content[..MiB]), Token);
        await _nodes[0].Uploads.AppendAsync(Caller.Local, App, upload.Id, Body(content[MiB..(7 * MiB)]), Token);
        await _nodes[1].Uploads.AppendAsync(Caller.Local, App, upload.Id, Body(content[(7 * MiB)..(8 * MiB)]), Token);
        await _nodes[0].Uploads.FinishAsync(Caller.Local, App, upload.Id, DigestOf(content), Body(content[(8 * MiB)..]), Token);

        await DemandWholeAsync(content);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task A_push_that_failed_works_again(string method)
    {
        var content = RandomNumberGenerator.GetBytes(6 * MiB);
        _proxy!.Break(request => request.Method == method, new ProxyFault(ProxyCut.BeforeTheAnswer), times: 50);
        var upload = await _nodes[0].Uploads.StartAsync(Caller.Local, App, DigestAlgorithm.Sha256, Token);
        await Assert.ThrowsAsync<StorageException>(
            async () => await _nodes[0].Uploads.FinishAsync(Caller.Local, App, upload.Id, DigestOf(content), Body(content), Token));

        _proxy.Heal();
        upload = await _nodes[1].Uploads.StartAsync(Caller.Local, App, DigestAlgorithm.Sha256, Token);
        await _nodes[1].Uploads.FinishAsync(Caller.Local, App, upload.Id, DigestOf(content), Body(content), Token);

        await DemandWholeAsync(content);
    }

    [Fact]
    public async Task A_digest_that_is_stored_already_is_kept_once()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        foreach (var node in _nodes)
        {
            var upload = await node.Uploads.StartAsync(Caller.Local, App, DigestAlgorithm.Sha256, Token);
            await node.Uploads.FinishAsync(Caller.Local, App, upload.Id, DigestOf(content), Body(content), Token);
        }

        await DemandWholeAsync(content);
    }

    private static UploadBody Body(byte[] content) => new(PipeReader.Create(new MemoryStream(content)));

    /// <summary>The blob is there, and once what is to go has gone there is nothing else in the bucket.</summary>
    private async Task DemandWholeAsync(byte[] content)
    {
        await _nodes[0].Reaper.ReapAsync(Token);
        using var blob = await _nodes[1].Blobs.OpenAsync(Caller.Local, App, DigestOf(content), Token);
        Assert.Equal(content, await _stores[1].PullAsync(blob!.Row.Key, Token));
        Assert.Single(await bucket.NamesAsync(_options));
        Assert.Equal(0, await bucket.CountMultipartsAsync(_options));
        Assert.Empty(await new Fsck(_metadata!, _stores[0]).RunAsync(isDeep: true, Token).ToListAsync(Token));
    }
}
