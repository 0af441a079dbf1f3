using System.Net.Sockets;
using Berth.Bench.Load;
using Berth.Bench.Measuring;
using Berth.Bench.Registry;
using Berth.Bench.Reporting;

namespace Berth.Bench.Commands;

/// <summary>What the commands that measure have in common: wait for the registry, prepare it, run the load, report.</summary>
internal static class LoadRun
{
    /// <summary>For loads that need nothing prepared and whose clients share the connections of one HttpClient.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> MeasureAsync(LoadPlan plan, Func<RegistryClient, ILoadClient> create, CancellationToken cancellationToken) =>
        MeasureAsync(plan, (registry, _) => Task.FromResult<Connect>(_ => ValueTask.FromResult(create(registry))), cancellationToken);

    /// <param name="prepare">Brings what the load needs into the registry, unmeasured, and says how to make the clients.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> MeasureAsync(
        LoadPlan plan, Func<RegistryClient, CancellationToken, Task<Connect>> prepare, CancellationToken cancellationToken)
    {
        try
        {
            var measurement = await PrepareAndRunAsync(plan, prepare, cancellationToken);
            MeasurementTable.Write(Console.Out, [measurement]);
            if (plan.JsonFile is not null)
            {
                MeasurementFile.Append(plan.JsonFile, measurement);
            }

            return 0;
        }
        catch (Exception failure) when (failure is WrongAnswerException or HttpRequestException or SocketException or IOException)
        {
            await Console.Error.WriteLineAsync($"{plan.Label}: {failure.Message}");
            return 1;
        }
    }

    private static async Task<Measurement> PrepareAndRunAsync(
        LoadPlan plan, Func<RegistryClient, CancellationToken, Task<Connect>> prepare, CancellationToken cancellationToken)
    {
        using var registry = new RegistryClient(plan.Url, TimeProvider.System);
        await registry.WaitUntilReadyAsync(cancellationToken);
        var connect = await prepare(registry, cancellationToken);
        return await new LoadRunner(TimeProvider.System).RunAsync(plan, connect, cancellationToken);
    }
}
