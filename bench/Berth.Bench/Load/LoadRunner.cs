using System.Security.Cryptography;
using Berth.Bench.Measuring;
using Berth.Bench.Registry;

namespace Berth.Bench.Load;

/// <summary>Runs a load and measures it from both sides: times at the clients, costs at the server's process.</summary>
internal sealed class LoadRunner(TimeProvider time)
{
    // Content is made from an operation's number: what another run pushed must not be there already.
    private readonly long _first = (long)RandomNumberGenerator.GetInt32(int.MaxValue) << 24;

    public async Task<Measurement> RunAsync(LoadPlan plan, Workload workload, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(plan.TimeLimit * 2, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var connections = new List<RegistryConnection>(plan.Clients);
        try
        {
            for (var client = 0; client < plan.Clients; client++)
            {
                connections.Add(await RegistryConnection.ConnectAsync(plan.Url, linked.Token));
            }

            return await RunAsync(plan, workload.IsTimed, [.. connections.Select(workload.Client)], linked.Token);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private async Task<Measurement> RunAsync(
        LoadPlan plan, Func<long, bool> isTimed, IReadOnlyList<Operation> clients, CancellationToken cancellationToken)
    {
        await new LoadPass(time, _first, plan.WarmUp, plan.TimeLimit).RunAsync(clients, cancellationToken);

        var server = plan.ProcessId is { } id ? new ServerProcess(id) : null;
        await using var memory = server is null ? null : new ResidentMemorySampler(server, time);
        var cpuBefore = server?.ReadCpuTime();
        var pass = new LoadPass(time, _first + plan.WarmUp, plan.Operations, plan.TimeLimit);
        await pass.RunAsync(clients, cancellationToken);
        var cost = server is null
            ? null
            : new ServerCost(server.ReadCpuTime() - cpuBefore!.Value, memory!.Peak, server.ReadPeakResidentBytes(), pass.Count, pass.Bytes);

        return new Measurement(
            plan.Label, plan.Server, plan.At, plan.Url, plan.Clients, pass.Count, pass.Bytes, pass.Elapsed, pass.Latencies(isTimed), cost);
    }
}
