using System.Collections.Concurrent;
using System.Net;
using Berth.Safety.Tests.History;
using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>The database crashes and its standby takes over, as often as BERTH_FAILOVERS says, while clients work.</summary>
public sealed class FailoverTests(ITestOutputHelper output) : IDisposable
{
    private const int FailoversPerJudgement = 5;
    private const int LostPushes = 20;

    private static readonly int Failovers = Variable.Number("BERTH_FAILOVERS", 2);
    private static readonly int Seed = Variable.Number("BERTH_SEED", Environment.ProcessId);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_a_synchronous_standby_takes_over()
    {
        output.WriteLine($"BERTH_SEED={Seed} BERTH_FAILOVERS={Failovers}");
        var random = new Random(Seed);
        await using var postgres = await PostgresPair.StartAsync(isSynchronous: true, Cancellation);
        await using var server = await StartAsync(postgres);
        var (log, stock, sessions) = (new CallLog(), Stock.Create(random.Next()), new ConcurrentBag<Upload>());
        for (var failover = 1; failover <= Failovers; failover++)
        {
            await WorkThroughFailoverAsync(postgres, server, random, log, stock, sessions);
            if (failover % FailoversPerJudgement == 0 || failover == Failovers)
            {
                await DemandCleanAsync(postgres);
            }
        }

        output.WriteLine($"{Failovers} failovers, {log.Answers} answers");
    }

    /// <summary>What PostgreSQL itself loses then, Berth cannot keep; but its bytes are there, and named.</summary>
    [Fact]
    public async Task What_an_asynchronous_standby_has_not_heard_of_is_named_by_fsck()
    {
        await using var postgres = await PostgresPair.StartAsync(isSynchronous: false, Cancellation);
        await using var server = await StartAsync(postgres);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        var random = new Random(Seed);
        var kept = Content.Random(random, 5_000, isSha512: false);
        await PushAsync(client, kept);
        for (var failover = 1; failover <= Failovers; failover++)
        {
            await postgres.SeparateAsync(Cancellation);
            var lost = Enumerable.Range(0, LostPushes).Select(_ => Content.Random(random, 5_000, isSha512: false)).ToArray();
            foreach (var blob in lost)
            {
                await PushAsync(client, blob);
            }

            await postgres.FailOverAsync(Cancellation);

            Assert.Equal(HttpStatusCode.OK, await HeadAsync(client, kept));
            var (exitCode, found) = await Fsck.RunAsync(Settings(postgres), ["--deep"], Cancellation);
            Assert.Equal(3, exitCode);
            foreach (var blob in lost)
            {
                Assert.Equal(HttpStatusCode.NotFound, await HeadAsync(client, blob));
                Assert.Contains(found.Split('\n'), line => line.Contains("F6", StringComparison.Ordinal) && line.Contains(blob.Digest, StringComparison.Ordinal));
            }

            // An object without a row is the only thing that is ever found: never a row without its object.
            Assert.Equal(failover * LostPushes, found.Split('\n').Count(line => line.StartsWith('F')));
            Assert.DoesNotContain("F4", found, StringComparison.Ordinal);
            await postgres.ReplicateAsync(Cancellation);
        }
    }

    private static async Task WorkThroughFailoverAsync(
        PostgresPair postgres, ServerProcess server, Random random, CallLog log, Stock stock, ConcurrentBag<Upload> sessions)
    {
        var end = new TaskCompletionSource();
        using (var clients = new Clients(server.Address, log, stock, sessions, isTolerant: true))
        {
            var work = clients.Work(random.Next(4, 9), random, end.Task, Cancellation);
            await log.WhenAnsweredAsync(random.Next(20, 200)).WaitAsync(Cancellation);
            await postgres.FailOverAsync(Cancellation);
            await postgres.ReplicateAsync(Cancellation);
            await log.WhenAnsweredAsync(random.Next(10, 50)).WaitAsync(Cancellation);
            end.SetResult();
            await Task.WhenAll(work);
        }

        using var readers = new Clients(server.Address, log, stock, sessions);
        await readers.SettleAsync(Cancellation);
        Assert.Empty(readers.Wire.Faults);
    }

    private async Task DemandCleanAsync(PostgresPair postgres)
    {
        var (exitCode, found) = await Fsck.RunAsync(Settings(postgres), ["--deep"], Cancellation);
        Assert.True(exitCode == 0, $"fsck ended with {exitCode}:\n{found}");
    }

    private async Task<ServerProcess> StartAsync(PostgresPair postgres)
    {
        var server = ServerProcess.LaunchIn(_folder.FullPath, [], Settings(postgres));
        await server.WaitUntilListeningAsync(Cancellation);
        return server;
    }

    private IReadOnlyList<(string Name, string Value)> Settings(PostgresPair postgres) =>
    [
        .. ServerProcess.Settings(_folder["data"]),
        ("REGISTRY_LOG_LEVEL", "warn"),
        ("REGISTRY_METADATA_POSTGRES_CONNECTIONSTRING", postgres.ConnectionString),
    ];

    private static async Task PushAsync(HttpClient client, Content blob)
    {
        using var content = new ByteArrayContent(blob.Bytes);
        using var start = await client.PostAsync("/v2/app/blobs/uploads/", content: null, Cancellation);
        var location = start.Headers.Location!.OriginalString;
        using var pushed = await client.PutAsync($"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={blob.Digest}", content, Cancellation);
        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
    }

    private static async Task<HttpStatusCode> HeadAsync(HttpClient client, Content blob)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/v2/app/blobs/{blob.Digest}");
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
