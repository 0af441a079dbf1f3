using System.Collections.Concurrent;
using Berth.Safety.Tests.History;
using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>Three nodes behind nginx, of which something happens to one after the other, as often as BERTH_CLUSTER_FAULTS says.</summary>
public sealed class ClusterTests(S3Server s3, ITestOutputHelper output)
{
    private const int Nodes = 3;
    private const int FaultsPerJudgement = 3;

    private static readonly int Faults = Variable.Number("BERTH_CLUSTER_FAULTS", 3);
    private static readonly int Seed = Variable.Number("BERTH_SEED", Environment.ProcessId);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>I4, I1, I2, I3: through every node, what was acknowledged is there, and what was deleted is not.</summary>
    [Fact]
    [Trait("Run", "by-hand")] // until it has run often enough to be trusted with every build
    public async Task Nothing_acknowledged_is_lost_when_nodes_are_killed_or_fall_asleep_or_lose_their_database()
    {
        output.WriteLine($"BERTH_SEED={Seed} BERTH_CLUSTER_FAULTS={Faults}");
        var random = new Random(Seed);
        await using var cluster = await Cluster.StartAsync(s3, Nodes, Cancellation);
        var (log, stock, sessions) = (new CallLog(), Stock.Create(random.Next()), new ConcurrentBag<Upload>());
        for (var done = 0; done < Faults; done += FaultsPerJudgement)
        {
            await WorkAsync(cluster, random, log, stock, sessions);
            await JudgeAsync(cluster, log, stock, sessions);
        }

        output.WriteLine($"{log.Answers} answers");
    }

    private async Task WorkAsync(Cluster cluster, Random random, CallLog log, Stock stock, ConcurrentBag<Upload> sessions)
    {
        var end = new TaskCompletionSource();
        using var clients = new Clients(cluster.Address, log, stock, sessions, isTolerant: true);
        var work = clients.Work(random.Next(6, 13), random, end.Task, Cancellation);
        for (var fault = 0; fault < FaultsPerJudgement; fault++)
        {
            await log.WhenAnsweredAsync(random.Next(20, 120)).WaitAsync(Cancellation);
            await HurtAsync(cluster, random, log);
        }

        end.SetResult();
        await Task.WhenAll(work);
    }

    /// <summary>Does something to a node, lets the clients go on meanwhile, and brings it back.</summary>
    private async Task HurtAsync(Cluster cluster, Random random, CallLog log)
    {
        var node = random.Next(cluster.Nodes.Count);
        var server = cluster.Nodes[node].Server;
        var meanwhile = random.Next(10, 60);
        switch (random.Next(4))
        {
            case 0:
                output.WriteLine($"kill node {node}");
                await server.KillAsync(Cancellation);
                await log.WhenAnsweredAsync(meanwhile).WaitAsync(Cancellation);
                await cluster.Nodes[node].StartAsync(Cancellation);
                break;
            case 1:
                output.WriteLine($"put node {node} to sleep");
                server.Pause();
                await log.WhenAnsweredAsync(meanwhile).WaitAsync(Cancellation);
                server.Resume();
                break;
            case 2:
                output.WriteLine("cut all nodes from the database");
                await cluster.CutFromDatabaseAsync(Cancellation);
                break;
            default:
                output.WriteLine("crash the database");
                await cluster.Postgres.CrashAsync(Cancellation);
                await cluster.Postgres.StartAgainAsync(Cancellation);
                break;
        }
    }

    /// <summary>When nothing is under way any more, asks every node for everything.</summary>
    private static async Task JudgeAsync(Cluster cluster, CallLog log, Stock stock, ConcurrentBag<Upload> sessions)
    {
        foreach (var node in cluster.Nodes)
        {
            await node.RestartAsync(Cancellation);
        }

        foreach (var node in cluster.Nodes)
        {
            using var clients = new Clients(node.Address, log, stock, sessions);
            await clients.SettleAsync(Cancellation);
            Assert.Empty(clients.Wire.Faults);
        }

        using (var clients = new Clients(cluster.Address, log, stock, sessions))
        {
            await clients.FinishAllAsync(Cancellation);
            await clients.SettleAsync(Cancellation);
            Assert.Empty(clients.Wire.Faults);
        }

        var (exitCode, found) = await Fsck.RunAsync(cluster.Settings, ["--deep"], Cancellation);
        Assert.True(exitCode == 0, $"fsck ended with {exitCode}:\n{found}");
    }
}
