using System.CommandLine;
using Berth.Bench.Load;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>constant</c>: the load of <c>manifest-get</c> on the endpoint of <c>serve-constant</c>, the least that Kestrel can spend on it.</summary>
internal static class ConstantCommand
{
    public static Command Create()
    {
        var command = new Command("constant", "Get the constant that serve-constant serves.");
        var load = new LoadOptions(command, clients: 16, operations: 100_000, warmUp: 20_000);
        command.SetAction((parsed, cancellationToken) =>
        {
            var plan = load.Read(parsed);
            var request = RawConnection.Request(plan.Url, ServeConstantCommand.Path, ManifestGetCommand.Accept);
            return LoadRun.MeasureAsync(
                plan,
                (_, _) => Task.FromResult<Connect>(async connecting =>
                    new GetClient(await RawConnection.ConnectAsync(plan.Url, connecting), request, SampleImage.Manifest)),
                cancellationToken);
        });
        return command;
    }
}
