using Berth.Safety.Tests.Load;

namespace Berth.Safety.Tests;

/// <summary>Clients that are slow, stop, or vanish take nothing away from others, and not for ever.</summary>
public sealed class SlowClientTests(SlowClientFixture fixture) : IClassFixture<SlowClientFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_they_hang_others_are_served()
    {
        await fixture.Victim.Clients.Uploads.PushAsync(SlowClientFixture.Repository, SlowClientFixture.TextOf("quick"), Cancellation);

        Assert.Empty(fixture.Victim.Clients.Wire.Faults);
        Assert.False(fixture.Victim.Clients.Wire.IsBroken);
    }

    [Fact]
    public async Task Headers_that_never_end_are_cut_off() => DemandTimeout(await fixture.Headers);

    [Fact]
    public async Task So_are_headers_that_come_a_byte_at_a_time() => DemandTimeout(await fixture.DrippingHeaders);

    [Theory]
    [InlineData(SlowClientFixture.Little)]
    [InlineData(SlowClientFixture.Much)]
    public async Task A_body_that_stops_gets_408_and_the_upload_goes_on_with_what_came(int sent)
    {
        var (upload, pending) = fixture.Bodies[sent];
        var answer = await pending;
        DemandTimeout(answer);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains("the request body came too slowly", answer, StringComparison.Ordinal);

        await fixture.Victim.Clients.Uploads.AskAsync(upload, Cancellation);
        Assert.Equal(sent, upload.Acknowledged);
        await fixture.Victim.Clients.Uploads.FinishAsync(upload, Cancellation);
        Assert.Equal(UploadState.Over, upload.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_client_that_vanishes_in_a_chunk_finds_its_upload_where_it_was()
    {
        var uploads = fixture.Victim.Clients.Uploads;
        var upload = (await uploads.StartAsync(SlowClientFixture.Repository, SlowClientFixture.TextOf(new string('y', 9000)), Cancellation))!;
        await uploads.AppendAsync(upload, 3000, Cancellation);
        using (var connection = await RawConnection.OpenAsync(
            fixture.Victim.Server.Address, SlowClientFixture.Chunk(upload, new string('y', 2000)), Cancellation))
        {
            connection.Reset();
        }

        // The server may not have noticed yet, or be about to store what came.
        upload.Sent = 5000;
        while (upload.State != UploadState.Over)
        {
            await uploads.AskAsync(upload, Cancellation);
            await uploads.TryFinishAsync(upload, Cancellation);
        }
    }

    private static void DemandTimeout(string answer) => Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
}
