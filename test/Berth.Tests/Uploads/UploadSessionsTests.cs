using Berth.Access;
using System.IO.Pipelines;
using System.Text;
using Berth.Uploads;

namespace Berth.Tests.Uploads;

public sealed class UploadSessionsTests : IAsyncDisposable
{
    private readonly EngineFixture _engine = EngineFixture.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private UploadSessions Uploads => _engine.Registry.Uploads;

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Content_stored_already_is_not_stored_twice()
    {
        await _engine.PushAsync([1, 2, 3]);
        await _engine.PushAsync([1, 2, 3]);

        await _engine.Registry.Reaper.ReapAsync(Cancellation);

        Assert.Equal(1, await _engine.CountObjectsAsync());
    }

    [Fact]
    public async Task Pushing_again_heals_a_blob_whose_object_is_gone()
    {
        var digest = await _engine.PushAsync([1, 2, 3]);
        var row = await _engine.Metadata.Blobs.FindAnywhereAsync(digest, Cancellation);
        await _engine.Store.DeleteAsync(row!.Key, digest, Cancellation);
        Assert.Null(await _engine.ReadAsync(digest));

        await _engine.PushAsync([1, 2, 3]);
        await _engine.Registry.Reaper.ReapAsync(Cancellation);

        Assert.Equal([1, 2, 3], await _engine.ReadAsync(digest));
    }

    [Fact]
    public async Task A_damaged_blob_cannot_be_mounted()
    {
        var digest = await _engine.PushAsync([1, 2, 3]);
        var row = await _engine.Metadata.Blobs.FindAnywhereAsync(digest, Cancellation);
        await _engine.Store.DeleteAsync(row!.Key, digest, Cancellation);

        Assert.False(await _engine.Registry.Blobs.MountAsync(Caller.Local, RepositoryName.Parse("other"), digest, EngineFixture.App, Cancellation));
    }

    [Fact]
    public async Task Only_one_request_at_a_time_writes_to_an_upload()
    {
        var upload = await Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        var pipe = new Pipe();
        var first = Uploads.AppendAsync(Caller.Local, EngineFixture.App, upload.Id, new UploadBody(pipe.Reader), Cancellation);

        var refusal = await Assert.ThrowsAsync<OciException>(
            async () => await Uploads.AppendAsync(Caller.Local, EngineFixture.App, upload.Id, EngineFixture.Body([9]), Cancellation));
        await pipe.Writer.WriteAsync(new byte[] { 1, 2 }, Cancellation);
        await pipe.Writer.CompleteAsync();

        Assert.Equal(409, refusal.Error.Status);
        Assert.Equal(2, (await first).Offset);
    }

    [Fact]
    public async Task What_came_before_the_client_left_is_kept()
    {
        var upload = await Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("hello "u8.ToArray(), Cancellation);
        await pipe.Writer.CompleteAsync(new IOException("gone"));

        await Assert.ThrowsAsync<IOException>(
            async () => await Uploads.AppendAsync(Caller.Local, EngineFixture.App, upload.Id, new UploadBody(pipe.Reader), Cancellation));
        var status = await Uploads.GetAsync(Caller.Local, EngineFixture.App, upload.Id, Cancellation);
        var content = Encoding.ASCII.GetBytes("hello world")[(int)status.Offset..];
        var digest = Digest.Of("hello world"u8, DigestAlgorithm.Sha256);
        await Uploads.FinishAsync(Caller.Local, EngineFixture.App, upload.Id, digest, EngineFixture.Body(content), Cancellation);

        Assert.Equal("hello world"u8.ToArray(), await _engine.ReadAsync(digest));
    }

    [Fact]
    public async Task A_chunk_longer_than_announced_leaves_the_upload_as_it_was()
    {
        var upload = await Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);

        var refusal = await Assert.ThrowsAsync<OciException>(async () => await Uploads.AppendAsync(
            Caller.Local, EngineFixture.App, upload.Id, EngineFixture.Body([1, 2, 3]) with { Range = new ContentRange(0, 1) }, Cancellation));

        Assert.Equal(OciErrorCode.SizeInvalid, refusal.Error.Code);
        Assert.Equal(0, (await Uploads.GetAsync(Caller.Local, EngineFixture.App, upload.Id, Cancellation)).Offset);
    }

    [Fact]
    public async Task An_object_named_before_a_crash_is_found_by_the_client_s_next_try()
    {
        var content = new byte[] { 4, 5, 6 };
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var upload = await Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        await CommitWithoutRowAsync(upload, content, digest);

        await Uploads.FinishAsync(Caller.Local, EngineFixture.App, upload.Id, digest, EngineFixture.Body(content), Cancellation);

        Assert.Equal(content, await _engine.ReadAsync(digest));
        Assert.Equal(1, await _engine.CountObjectsAsync());
    }

    [Fact]
    public async Task So_it_is_when_that_try_begins_again_with_chunks()
    {
        var content = new byte[] { 4, 5, 6 };
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var upload = await Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        await CommitWithoutRowAsync(upload, content, digest);

        await Uploads.AppendAsync(Caller.Local, EngineFixture.App, upload.Id, EngineFixture.Body(content[..2]), Cancellation);
        await Uploads.FinishAsync(Caller.Local, EngineFixture.App, upload.Id, digest, EngineFixture.Body(content[2..]), Cancellation);

        Assert.Equal(content, await _engine.ReadAsync(digest));
        Assert.Equal(1, await _engine.CountObjectsAsync());
    }

    [Fact]
    public async Task A_client_that_falls_silent_is_waited_for_but_not_for_ever()
    {
        var upload = await Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1)); // a write ends when its bytes were taken
        var append = Uploads.AppendAsync(Caller.Local, EngineFixture.App, upload.Id, new UploadBody(pipe.Reader), Cancellation).AsTask();
        await pipe.Writer.WriteAsync(new byte[] { 1, 2 }, Cancellation);

        _engine.Clock.Advance(TimeSpan.FromSeconds(29));
        await pipe.Writer.WriteAsync(new byte[] { 3 }, Cancellation);
        while (!append.IsCompleted)
        {
            await Task.Yield(); // it may not be waiting yet
            _engine.Clock.Advance(TimeSpan.FromSeconds(31));
        }

        Assert.Equal(408, (await Assert.ThrowsAsync<OciException>(() => append)).Error.Status);
        Assert.Equal(3, (await Uploads.GetAsync(Caller.Local, EngineFixture.App, upload.Id, Cancellation)).Offset);
    }

    [Fact]
    public async Task Recovery_completes_what_was_named_and_ends_what_lost_its_bytes()
    {
        var named = await StartWithBytesAsync([1, 2]);
        var lost = await StartWithBytesAsync([3, 4]);
        var sound = await StartWithBytesAsync([5, 6]);
        var digest = Digest.Of([1, 2], DigestAlgorithm.Sha256);
        await _engine.Store.CommitAsync(named.Key, digest, parts: null, Cancellation);
        await _engine.Store.DeleteAsync(lost.Key, null, Cancellation);

        var logger = Microsoft.Extensions.Logging.Abstractions.NullLogger<UploadRecovery>.Instance;
        await new UploadRecovery(_engine.Metadata, _engine.Store, logger).RecoverAsync(Cancellation);

        Assert.Equal([1, 2], await _engine.ReadAsync(digest));
        Assert.Null(await _engine.Metadata.Uploads.FindAsync(EngineFixture.App, lost.Id, Cancellation));
        Assert.NotNull(await _engine.Metadata.Uploads.FindAsync(EngineFixture.App, sound.Id, Cancellation));
    }

    private async Task<UploadRow> StartWithBytesAsync(byte[] content)
    {
        var upload = await Uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        return await Uploads.AppendAsync(Caller.Local, EngineFixture.App, upload.Id, EngineFixture.Body(content), Cancellation);
    }

    private async Task CommitWithoutRowAsync(UploadRow upload, byte[] content, Digest digest)
    {
        await using (var staged = await _engine.Store.StageAsync(upload.Key, 0, parts: null, Cancellation))
        {
            await staged!.AppendAsync(content, Cancellation);
            await staged.SyncAsync(Cancellation);
        }

        await _engine.Store.CommitAsync(upload.Key, digest, parts: null, Cancellation);
    }
}
