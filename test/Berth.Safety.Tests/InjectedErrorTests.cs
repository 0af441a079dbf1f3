using System.Text.Json.Nodes;
using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>System calls that fail while a registry is being used: what did not happen is not acknowledged, and what can pass, passes.</summary>
public sealed class InjectedErrorTests : IAsyncDisposable
{
    private const int Failure = 1;

    /// <summary>What tells a stranger about the machine, the disk or the code.</summary>
    private static readonly string[] Secrets =
        ["/", "fsync", "write", "open", "rename", "mkdir", "sqlite", "exception", "EIO", "ENOSPC", "EMFILE", "errno", "device", "space left", "too many"];

    private static int _scenario = 1000;

    private readonly TemporaryFolder _folder = new();
    private readonly Victim _victim;

    public InjectedErrorTests() => _victim = new Victim(_folder["data"], FixedScenario.StockOf(++_scenario)) { HasOneWorker = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>503 and Retry-After as long as it lasts; then all is as before.</summary>
    [Theory]
    [InlineData(Strace.Worker, "pwrite64:error=ENOSPC:when=1+")]
    [InlineData(Strace.Worker, "pwrite64:error=ENOSPC:when=3")]
    [InlineData(Strace.Worker, "fsync:error=ENOSPC:when=2+")]
    [InlineData(Strace.Worker, "mkdirat:error=ENOSPC:when=1+")]
    [InlineData(Strace.Worker, "openat,openat2:error=EMFILE:when=1+")]
    [InlineData(Strace.Worker, "openat,openat2:error=EMFILE:when=7")]
    [InlineData(Strace.Writer, "pwrite64:error=ENOSPC:when=1+")]
    [InlineData(Strace.Writer, "pwrite64:error=ENOSPC:when=12")]
    public async Task What_may_pass_is_answered_with_503_and_the_server_goes_on(string thread, string injection)
    {
        await RunAsync(thread, injection);

        Assert.All(_victim.Clients.Wire.Faults, fault => Assert.Equal(503, fault.Status));
        await DemandGoesOnAsync();
        await DemandKeptAsync();
    }

    /// <summary>A file whose sync failed is given up, and nobody is told that it is safe.</summary>
    [Theory]
    [InlineData(Strace.Worker, "fsync:error=EIO:when=1+")]
    [InlineData(Strace.Worker, "fsync:error=EIO:when=4")]
    [InlineData(Strace.Worker, "pwrite64:error=EIO:when=2")]
    [InlineData(Strace.Worker, "renameat2:error=EIO:when=1+")]
    [InlineData(Strace.Worker, "pread64:error=EIO:when=5+")]
    public async Task An_error_of_the_disk_is_nobodys_success_and_the_server_goes_on(string thread, string injection)
    {
        await RunAsync(thread, injection);

        await DemandGoesOnAsync();
        await DemandKeptAsync();
    }

    /// <summary>After a failed sync of the database nobody knows what is stored, but for a process that reads it anew.</summary>
    [Theory]
    [InlineData("fsync:error=EIO:when=1+")]
    [InlineData("fsync:error=EIO:when=6")]
    public async Task A_failed_sync_of_the_database_ends_the_server(string injection)
    {
        await RunAsync(Strace.Writer, injection);

        Assert.Equal(Failure, await _victim.Server.EndAsync(Cancellation));
        await DemandKeptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _victim.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The scenario once in order, so that the server has seen everything, and once with the errors.</summary>
    private async Task RunAsync(string thread, string injection)
    {
        await _victim.StartAsync(Cancellation);
        await FixedScenario.RunAsync(_victim.Clients, _victim.Stock, Cancellation);
        await _victim.Clients.SettleAsync(Cancellation);
        Assert.Empty(_victim.Clients.Wire.Faults);

        _victim.Change(FixedScenario.StockOf(++_scenario));
        await using (await Strace.InjectAsync(_victim.Server, thread, injection, Cancellation))
        {
            await FixedScenario.RunAsync(_victim.Clients, _victim.Stock, Cancellation);
        }

        Assert.NotEmpty(_victim.Clients.Wire.Faults);
        Assert.All(_victim.Clients.Wire.Faults, DemandDiscreet);
    }

    private async Task DemandGoesOnAsync()
    {
        await _victim.Clients.SettleAsync(Cancellation);
        _victim.Change(FixedScenario.StockOf(++_scenario));
        await FixedScenario.RunAsync(_victim.Clients, _victim.Stock, Cancellation);
        Assert.Empty(_victim.Clients.Wire.Faults);
    }

    private async Task DemandKeptAsync()
    {
        if (!_victim.Server.HasExited)
        {
            await _victim.Server.KillAsync(Cancellation);
        }

        await _victim.StartAsync(Cancellation);
        await _victim.Clients.SettleAsync(Cancellation);
        await _victim.Clients.FinishAllAsync(Cancellation);
        await _victim.Clients.SettleAsync(Cancellation);
        Assert.Empty(_victim.Clients.Wire.Faults);
        await Fsck.DemandCleanAsync(_victim.DataFolder, Cancellation);
    }

    private static void DemandDiscreet(Answer fault)
    {
        var error = JsonNode.Parse(fault.Body)!["errors"]![0]!;
        Assert.Contains(error["code"]!.GetValue<string>(), (string[])["UNAVAILABLE", "UNKNOWN"]);
        Assert.Equal(fault.Status == 503, fault["Retry-After"] is not null);
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, fault.Text, StringComparison.OrdinalIgnoreCase));
    }
}
