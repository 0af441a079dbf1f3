using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>
/// kill -9 at a chosen system call, in the middle of every thing that changes a registry. With BERTH_CRASH_POINTS=all at every one, with
/// a part of its name, such as fsync, at every one of these.
/// </summary>
public sealed class CrashPointTests(ITestOutputHelper output) : IDisposable
{
    private const int Killed = 137;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string? Wanted = Environment.GetEnvironmentVariable("BERTH_CRASH_POINTS");

    private static readonly string[] Calls = ["pwrite64", "fsync", "fdatasync", "renameat2", "mkdir", "mkdirat", "unlink", "unlinkat", "ftruncate"];

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(Environment.ProcessId);
    private int _scenario;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_while_it_starts_on_a_new_folder_the_server_makes_it_whole_the_next_time()
    {
        foreach (var point in Choose(await CountStartAsync(PrepareNothing), most: 4))
        {
            await KillAsync(point, PrepareNothing);
        }
    }

    [Fact]
    public async Task Killed_while_it_recovers_from_a_kill_the_server_recovers_the_next_time()
    {
        foreach (var point in Choose(await CountStartAsync(PrepareLeftoversAsync), most: 3))
        {
            await KillAsync(point, PrepareLeftoversAsync);
        }
    }

    [Fact]
    public async Task Killed_at_any_call_of_a_request_or_while_it_stops_the_server_keeps_what_it_acknowledged()
    {
        await using var victim = new Victim(_folder["data"], FixedScenario.StockOf(++_scenario)) { HasOneWorker = true };
        await victim.StartAsync(Cancellation);
        var points = await CountRequestsAsync(victim);
        foreach (var point in Choose(points, most: 8))
        {
            victim.Change(FixedScenario.StockOf(++_scenario));
            await using (await Strace.InjectAsync(victim.Server, point.Thread, $"{point.Call}:signal=KILL:when={point.Number}", Cancellation))
            {
                await FixedScenario.RunAsync(victim.Clients, victim.Stock, Cancellation);
                await victim.Server.StopAsync(Cancellation); // if it lives: what happens behind the requests may need one call less
            }

            await victim.StartAsync(Cancellation);
            await JudgeAsync(victim);
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What is wanted, or a sample of <paramref name="most"/>, no two of the same call of the same thread.</summary>
    private CrashPoint[] Choose(IReadOnlyList<CrashPoint> last, int most)
    {
        CrashPoint[] points = Wanted is null
            ? [.. last.OrderBy(_ => _random.Next()).Take(most).Select(end => end with { Number = _random.Next(1, end.Number + 1) })]
            : [.. from end in last
                  where Wanted == "all" || end.ToString().Contains(Wanted, StringComparison.Ordinal)
                  from number in Enumerable.Range(1, end.Number)
                  select end with { Number = number }];
        output.WriteLine($"{points.Length} of {last.Sum(end => end.Number)}: {string.Join(", ", points.Select(point => point.ToString()))}");
        return points;
    }

    private static Task PrepareNothing(Victim victim) => Task.CompletedTask;

    /// <summary>An upload with bytes behind the durable ones, and one whose object has its final name already, but no row.</summary>
    private static async Task PrepareLeftoversAsync(Victim victim)
    {
        await victim.StartAsync(Cancellation);
        var (repository, uploads) = (victim.Stock.Repositories[0], victim.Clients.Uploads);
        var longer = (await uploads.StartAsync(repository, victim.Stock.Blobs[2], Cancellation))!;
        await uploads.AppendAsync(longer, 100, Cancellation);
        var named = (await uploads.StartAsync(repository, victim.Stock.Blobs[3], Cancellation))!;
        await uploads.AppendAsync(named, named.Left, Cancellation);
        await victim.Server.KillAsync(Cancellation);

        foreach (var file in new DirectoryInfo(Path.Combine(victim.DataFolder, "staging")).GetFiles())
        {
            if (file.Length == longer.Acknowledged)
            {
                // Written, but never made durable; and longer than the whole blob.
                await File.AppendAllTextAsync(file.FullName, new string('x', 10_000), Cancellation);
            }
            else
            {
                var hex = named.Content.Digest.Split(':')[1];
                var folder = Path.Combine(victim.DataFolder, "blobs", "sha256", hex[..2], hex[2..4]);
                Directory.CreateDirectory(folder, OwnerOnly);
                file.MoveTo(Path.Combine(folder, $"{hex}.{file.Name}"));
            }
        }

        (named.State, named.EndingSince) = (UploadState.Ending, victim.Log.Tick());
    }

    /// <summary>Kills it at a point of its start; the next one must know everything that was acknowledged before.</summary>
    private async Task KillAsync(CrashPoint point, Func<Victim, Task> prepareAsync)
    {
        using var folder = new TemporaryFolder();
        await using var victim = new Victim(folder["data"], FixedScenario.StockOf(++_scenario));
        await prepareAsync(victim);
        Assert.False(await victim.TryStartAsync(Cancellation, Strace.KillAt(point.Call, point.Number)), $"{point} was never reached");
        Assert.Equal(Killed, await victim.Server.EndAsync(Cancellation));
        await victim.StartAsync(Cancellation);
        await JudgeAsync(victim);
        victim.Change(FixedScenario.StockOf(++_scenario));
        await FixedScenario.RunAsync(victim.Clients, victim.Stock, Cancellation);
        await JudgeAsync(victim);
    }

    private async Task<IReadOnlyList<CrashPoint>> CountStartAsync(Func<Victim, Task> prepareAsync)
    {
        using var folder = new TemporaryFolder();
        await using var victim = new Victim(folder["data"], FixedScenario.StockOf(++_scenario));
        await prepareAsync(victim);
        Assert.True(await victim.TryStartAsync(Cancellation, Strace.Record(Calls, folder["calls"])));
        var counts = await Strace.CountAsync(folder["calls"], victim.Server.Id, Cancellation);
        await victim.StopAsync(Cancellation);
        return [.. counts.Select(count => new CrashPoint("main", count.Key, count.Value))];
    }

    private async Task<IReadOnlyList<CrashPoint>> CountRequestsAsync(Victim victim)
    {
        string[] threads = [Strace.Writer, Strace.Worker];
        await FixedScenario.RunAsync(victim.Clients, victim.Stock, Cancellation);
        await victim.Clients.SettleAsync(Cancellation);
        victim.Change(FixedScenario.StockOf(++_scenario));
        var ids = threads.ToDictionary(name => name, name => Strace.ThreadOf(victim.Server, name), StringComparer.Ordinal);
        await using (await Strace.RecordAsync(victim.Server, threads, Calls, _folder["calls"], Cancellation))
        {
            await FixedScenario.RunAsync(victim.Clients, victim.Stock, Cancellation);
            await victim.StopAsync(Cancellation);
        }

        var points = new List<CrashPoint>();
        foreach (var (thread, id) in ids)
        {
            var counts = await Strace.CountAsync(_folder["calls"], id, Cancellation);
            points.AddRange(counts.Select(count => new CrashPoint(thread, count.Key, count.Value)));
        }

        await victim.StartAsync(Cancellation);
        await JudgeAsync(victim);
        return points;
    }

    private static async Task JudgeAsync(Victim victim)
    {
        await victim.Clients.SettleAsync(Cancellation);
        await victim.Clients.FinishAllAsync(Cancellation);
        await victim.Clients.SettleAsync(Cancellation);
        Assert.Empty(victim.Clients.Wire.Faults);
        await Fsck.DemandCleanAsync(victim.DataFolder, Cancellation);
    }
}
