using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>kill -9 at any moment, as often as BERTH_KILLS says, on the stores that <see cref="StorePlace"/> finds.</summary>
public sealed class KillLoopTests(S3Server s3, ITestOutputHelper output)
{
    /// <summary>Blobs are never taken out of a store yet, so it is replaced before it grows large.</summary>
    private const int KillsPerFolder = 25;

    private static readonly int Kills = Variable.Number("BERTH_KILLS", 15);

    private static readonly int Seed = Variable.Number("BERTH_SEED", Environment.ProcessId);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>I4, I1, I2, I3: what was acknowledged is there, what was deleted is not, and fsck finds nothing at all.</summary>
    /// <remarks>
    /// Not even a leak: an object that a kill left behind has its key in a table still (as an upload or a pending delete), which is what
    /// gets it deleted later.
    /// </remarks>
    [Fact]
    public async Task Nothing_acknowledged_is_lost_however_often_the_server_is_killed()
    {
        output.WriteLine($"BERTH_SEED={Seed} BERTH_KILLS={Kills}");
        var random = new Random(Seed);
        var answers = 0;
        for (var killed = 0; killed < Kills;)
        {
            using var folder = new TemporaryFolder();
            await using var place = await StorePlace.OpenAsync(folder["data"], s3, Cancellation);
            await using var victim = new Victim(folder["data"], Stock.Create(random.Next()), place.Settings);
            await victim.StartAsync(Cancellation);
            for (var round = 0; round < KillsPerFolder && killed < Kills; round++, killed++)
            {
                await WorkUntilKilledAsync(victim, random);
                await RecoverAsync(victim, isFsckFirst: random.Next(2) == 0);
            }

            await FinishAsync(victim);
            answers += victim.Log.Answers;
        }

        output.WriteLine($"{Kills} kills, {answers} answers");
    }

    private static async Task WorkUntilKilledAsync(Victim victim, Random random)
    {
        var moment = victim.Log.WhenAnsweredAsync(random.Next(10, 400));
        var clients = victim.Clients.Work(random.Next(8, 17), random, new TaskCompletionSource().Task, Cancellation);
        await Task.WhenAny([moment, .. clients]);
        Assert.False(victim.Clients.Wire.IsBroken, victim.Server.Log);
        await victim.Server.KillAsync(Cancellation);
        await Task.WhenAll(clients);
        Assert.Empty(victim.Clients.Wire.Faults);
    }

    private static async Task RecoverAsync(Victim victim, bool isFsckFirst)
    {
        if (isFsckFirst)
        {
            await Fsck.DemandCleanAsync(victim.Settings, Cancellation);
        }

        await victim.StartAsync(Cancellation);
        await victim.Clients.SettleAsync(Cancellation);
        if (!isFsckFirst)
        {
            await Fsck.DemandCleanAsync(victim.Settings, Cancellation);
        }
    }

    /// <summary>Every session that survived can be finished.</summary>
    private static async Task FinishAsync(Victim victim)
    {
        await victim.Clients.FinishAllAsync(Cancellation);
        await victim.Clients.SettleAsync(Cancellation);
        Assert.True(victim.Clients.Wire.Faults.IsEmpty, $"{string.Join('\n', victim.Clients.Wire.Faults)}\n{victim.Server.Log}");
        await victim.StopAsync(Cancellation);
        await Fsck.DemandCleanAsync(victim.Settings, Cancellation);
    }
}
