using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Berth.Bench.Load;
using Berth.Bench.Measuring;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>start</c>: how long a server needs until it answers, and the memory that it has when it has then been left alone.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        var program = new Argument<string[]>("program") { Description = "The server's program and its arguments." };
        var idle = new Option<int>("--idle") { Description = "Seconds to leave it alone.", DefaultValueFactory = _ => 5 };
        var command = new Command("start", "Start a server, wait for its answer, leave it alone, look at its memory, end it.") { program, idle };
        var load = new LoadOptions(command, clients: 1, operations: 1, warmUp: 0);
        command.SetAction((parsed, cancellationToken) =>
        {
            var plan = load.Read(parsed);
            return LoadRun.ReportAsync(
                plan.Label,
                plan.JsonFile,
                () => MeasureAsync(plan, parsed.GetRequiredValue(program), TimeSpan.FromSeconds(parsed.GetValue(idle)), cancellationToken));
        });
        return command;
    }

    private static async Task<Measurement> MeasureAsync(LoadPlan plan, string[] program, TimeSpan idle, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        using var process = Process.Start(program[0], program[1..]);
        try
        {
            var answer = await Readiness.WaitAsync(plan.Url, time, cancellationToken);
            var elapsed = time.GetElapsedTime(start);
            if (answer.Status != 200)
            {
                throw new WrongAnswerException(answer.Head);
            }

            await Task.Delay(idle, time, cancellationToken);
            var server = new ServerProcess(process.Id);
            var cost = new ServerCost(server.ReadCpuTime(), server.ReadResidentBytes(), server.ReadPeakResidentBytes(), Operations: 1, Bytes: 0);
            var milliseconds = elapsed.TotalMilliseconds;
            var latency = new LatencyPercentiles(milliseconds, milliseconds, milliseconds, milliseconds);
            return new Measurement(plan.Label, plan.Server, plan.At, plan.Url, Clients: 1, Operations: 1, Bytes: 0, elapsed, latency, cost);
        }
        finally
        {
            await EndAsync(process, cancellationToken);
        }
    }

    private static async Task EndAsync(Process process, CancellationToken cancellationToken)
    {
        using var signal = Process.Start("kill", [process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(cancellationToken);
    }
}
