using Berth.Bench.Measuring;

namespace Berth.Bench.Load;

/// <summary>Runs a load and measures it from both sides: times at the clients, costs at the server's process.</summary>
internal sealed class LoadRunner(TimeProvider time)
{
    public async Task<Measurement> RunAsync(LoadPlan plan, Connect connect, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(plan.TimeLimit * 2, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var server = plan.ProcessId is { } id ? new ServerProcess(id) : null;

        var clients = new List<ILoadClient>(plan.Clients);
        try
        {
            for (var client = 0; client < plan.Clients; client++)
            {
                clients.Add(await connect(linked.Token));
            }

            await new LoadPass(time, plan.WarmUp, plan.TimeLimit).RunAsync(clients, linked.Token);

            await using var memory = server is null ? null : new ResidentMemorySampler(server, time);
            var cpuBefore = server?.ReadCpuTime();
            var pass = new LoadPass(time, plan.Operations, plan.TimeLimit);
            await pass.RunAsync(clients, linked.Token);
            var cost = server is null
                ? null
                : new ServerCost(server.ReadCpuTime() - cpuBefore!.Value, memory!.Peak, server.ReadPeakResidentBytes(), pass.Count, pass.Bytes);

            return new Measurement(plan.Label, plan.Url, plan.Clients, pass.Count, pass.Bytes, pass.Elapsed, pass.Latencies(), cost);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
