using System.Net.Sockets;
using Berth.Bench.Load;
using Berth.Bench.Measuring;
using Berth.Bench.Registry;
using Berth.Bench.Reporting;

namespace Berth.Bench.Commands;

/// <summary>What the commands that measure have in common: wait for the registry, prepare it, run the load, report.</summary>
internal static class LoadRun
{
    /// <param name="prepare">Brings what the load needs into the registry, unmeasured, and says what the clients do.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> MeasureAsync(
        LoadPlan plan, Func<RegistryConnection, CancellationToken, ValueTask<Workload>> prepare, CancellationToken cancellationToken) =>
        ReportAsync(plan.Label, plan.JsonFile, () => PrepareAndRunAsync(plan, prepare, cancellationToken));

    /// <summary>For loads that need nothing prepared.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> MeasureAsync(LoadPlan plan, Workload workload, CancellationToken cancellationToken) =>
        MeasureAsync(plan, (_, _) => ValueTask.FromResult(workload), cancellationToken);

    /// <summary>Prints a measurement and appends it to a file; says what went wrong when there is none.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReportAsync(string label, FileInfo? file, Func<Task<Measurement>> measure)
    {
        try
        {
            var measurement = await measure();
            MeasurementTable.Write(Console.Out, [measurement]);
            if (file is not null)
            {
                MeasurementFile.Append(file, measurement);
            }

            return 0;
        }
        catch (Exception failure) when (failure is WrongAnswerException or SocketException or IOException)
        {
            await Console.Error.WriteLineAsync($"{label}: {failure.Message}");
            return 1;
        }
    }

    private static async Task<Measurement> PrepareAndRunAsync(
        LoadPlan plan, Func<RegistryConnection, CancellationToken, ValueTask<Workload>> prepare, CancellationToken cancellationToken)
    {
        await Readiness.WaitAsync(plan.Url, TimeProvider.System, cancellationToken);
        using var registry = await RegistryConnection.ConnectAsync(plan.Url, cancellationToken);
        var workload = await prepare(registry, cancellationToken);
        return await new LoadRunner(TimeProvider.System).RunAsync(plan, workload, cancellationToken);
    }
}
