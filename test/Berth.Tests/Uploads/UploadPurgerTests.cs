using Berth.Access;
using Berth.Uploads;

namespace Berth.Tests.Uploads;

public sealed class UploadPurgerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Uploads_idle_for_longer_than_the_age_end_and_give_their_bytes_back_unless_it_is_a_dry_run(bool isDryRun)
    {
        await using var engine = EngineFixture.Create(new RegistryOptions { UploadPurging = new UploadPurging { IsDryRun = isDryRun } });
        var uploads = engine.Registry.Uploads;
        var idle = await uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        await uploads.AppendAsync(Caller.Local, EngineFixture.App, idle.Id, EngineFixture.Body([1]), Cancellation);
        engine.Clock.Advance(TimeSpan.FromDays(6));
        var busy = await uploads.StartAsync(Caller.Local, EngineFixture.App, DigestAlgorithm.Sha256, Cancellation);
        await uploads.AppendAsync(Caller.Local, EngineFixture.App, busy.Id, EngineFixture.Body([2]), Cancellation);
        engine.Clock.Advance(TimeSpan.FromDays(2));

        var purged = await engine.Registry.Purger.PurgeAsync(Cancellation);
        await engine.Registry.Reaper.ReapAsync(Cancellation);

        Assert.Equal(1, purged);
        Assert.Equal(isDryRun, await engine.Metadata.Uploads.FindAsync(EngineFixture.App, idle.Id, Cancellation) is not null);
        Assert.NotNull(await engine.Metadata.Uploads.FindAsync(EngineFixture.App, busy.Id, Cancellation));
        Assert.Equal(isDryRun ? 2 : 1, await engine.CountObjectsAsync());
    }
}
