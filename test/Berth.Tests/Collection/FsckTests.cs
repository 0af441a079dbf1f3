using Berth.Access;
using System.Text;
using Berth.Collection;
using Berth.Storage;

namespace Berth.Tests.Collection;

/// <summary>What no database alone can see; what it can see is proved by the inspection's contract.</summary>
public sealed class FsckTests : IAsyncDisposable
{
    private readonly EngineFixture _engine = EngineFixture.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_sound_registry_has_no_findings()
    {
        await PushImageAsync();
        var upload = await _engine.Registry.Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        await _engine.Registry.Uploads.AppendAsync(Caller.Local, EngineFixture.App, upload.Id, EngineFixture.Body([1]), Cancellation);

        Assert.Empty(await FindAsync(isDeep: true));
    }

    [Fact]
    public async Task A_missing_object_is_F4()
    {
        var digest = await _engine.PushAsync([1, 2, 3]);
        var row = await _engine.Metadata.Blobs.FindAnywhereAsync(digest, Cancellation);
        await _engine.Store.DeleteAsync(row!.Key, digest, Cancellation);

        Assert.Equal([$"F4 {digest}"], await FindAsync());
    }

    [Fact]
    public async Task Bytes_that_do_not_hash_to_their_digest_are_F4_when_looked_at_deeply()
    {
        var digest = await _engine.PushAsync([1, 2, 3]);
        var row = await _engine.Metadata.Blobs.FindAnywhereAsync(digest, Cancellation);
        await _engine.Store.DeleteAsync(row!.Key, digest, Cancellation);
        await StoreAsync(row.Key, [3, 2, 1], digest);

        Assert.Empty(await FindAsync());
        Assert.Equal([$"F4 {digest}"], await FindAsync(isDeep: true));
    }

    [Fact]
    public async Task An_object_that_no_table_knows_is_F6()
    {
        var key = BlobKey.Create(TimeProvider.System);
        await StoreAsync(key, [1], Digest.Of([1], DigestAlgorithm.Sha256));

        Assert.Equal([$"F6 {key}"], await FindAsync());
    }

    [Fact]
    public async Task An_upload_that_promises_bytes_it_does_not_have_is_F10()
    {
        var upload = await _engine.Registry.Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        await _engine.Registry.Uploads.AppendAsync(Caller.Local, EngineFixture.App, upload.Id, EngineFixture.Body([1, 2]), Cancellation);
        await _engine.Store.DeleteAsync(upload.Key, null, Cancellation);

        Assert.Equal([$"F10 {upload.Key}"], await FindAsync());
    }

    private async Task PushImageAsync()
    {
        var config = await _engine.PushAsync("{}"u8.ToArray());
        var manifest = $$$"""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"{{{config}}}","size":2},"layers":[]}""";
        var parsed = Manifest.Parse(Encoding.UTF8.GetBytes(manifest), MediaTypes.OciImageManifest);
        await _engine.Registry.Manifests.PutAsync(Caller.Local, EngineFixture.App, Tag.Parse("latest"), parsed, [], Cancellation);
    }

    private async Task StoreAsync(BlobKey key, byte[] content, Digest digest)
    {
        await using (var staged = await _engine.Store.StageAsync(key, 0, parts: null, Cancellation))
        {
            await staged!.AppendAsync(content, Cancellation);
            await staged.SyncAsync(Cancellation);
        }

        await _engine.Store.CommitAsync(key, digest, parts: null, Cancellation);
    }

    private async Task<List<string>> FindAsync(bool isDeep = false)
    {
        var findings = new List<string>();
        await foreach (var finding in new Fsck(_engine.Metadata, _engine.Store).RunAsync(isDeep, Cancellation))
        {
            findings.Add($"{finding.Invariant} {finding.Subject}");
        }

        return findings;
    }
}
