using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>More than one process on a data folder: never two servers, but fsck beside one.</summary>
public sealed class TwoProcessTests : IDisposable
{
    private const int InUse = 75;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_server_gives_up_and_the_first_does_not_notice()
    {
        var end = new TaskCompletionSource();
        await using var victim = new Victim(_folder["data"], Stock.Create(1));
        await victim.StartAsync(Cancellation);
        var clients = victim.Clients.Work(4, new Random(1), end.Task, Cancellation);

        await using (var second = ServerProcess.Launch(_folder["data"], [], []))
        {
            Assert.False(await second.TryListenAsync(Cancellation));
            Assert.Equal(InUse, await second.EndAsync(Cancellation));
            Assert.Equal($"The data folder '{_folder["data"]}' is in use by another process.", second.Log);
        }

        await victim.Log.WhenAnsweredAsync(100);
        end.SetResult();
        await Task.WhenAll(clients);
        await victim.Clients.SettleAsync(Cancellation);
        Assert.Empty(victim.Clients.Wire.Faults);

        await victim.Server.KillAsync(Cancellation); // which leaves the file of the lock, but not the lock
        await victim.StartAsync(Cancellation);
        await victim.Clients.SettleAsync(Cancellation);
    }

    [Fact]
    public async Task Beside_a_server_at_work_fsck_finds_nothing_and_gets_in_nobodys_way()
    {
        var end = new TaskCompletionSource();
        await using var victim = new Victim(_folder["data"], Stock.Create(2));
        await victim.StartAsync(Cancellation);
        var clients = victim.Clients.Work(8, new Random(2), end.Task, Cancellation);

        for (var run = 0; run < 4; run++)
        {
            await Task.WhenAny([victim.Log.WhenAnsweredAsync(100), .. clients]);
            await Fsck.DemandCleanAsync(_folder["data"], Cancellation);
        }

        end.SetResult();
        await Task.WhenAll(clients);
        await victim.Clients.SettleAsync(Cancellation);
        Assert.Empty(victim.Clients.Wire.Faults);
        await victim.StopAsync(Cancellation);
        await Fsck.DemandCleanAsync(_folder["data"], Cancellation);
    }

    public void Dispose() => _folder.Dispose();
}
