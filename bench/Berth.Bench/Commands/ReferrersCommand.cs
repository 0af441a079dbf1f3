using System.CommandLine;
using System.Text.Json;
using Berth.Bench.Load;
using Berth.Bench.Registry;
using Berth.Bench.Seeding;

namespace Berth.Bench.Commands;

/// <summary><c>referrers</c>: what points at one manifest of a store that <c>seed</c> filled.</summary>
internal static class ReferrersCommand
{
    public static Command Create()
    {
        var command = new Command("referrers", "Ask what points at the first subject of a store that seed filled.");
        var load = new LoadOptions(command, clients: 4, operations: 10_000, warmUp: 2_000);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(load.Read(parsed), PrepareAsync, cancellationToken));
        return command;
    }

    private static async ValueTask<Workload> PrepareAsync(RegistryConnection registry, CancellationToken cancellationToken)
    {
        var path = $"/v2/{ReferrersSeed.Repository}/referrers/{ReferrersSeed.Subject(0)}";
        var request = RequestBytes.Of(registry.Url, "GET", path);
        var first = await registry.SendAsync(request, 200, cancellationToken);
        using var index = JsonDocument.Parse(first.Body);
        var count = index.RootElement.GetProperty("manifests").GetArrayLength();
        return count == ReferrersSeed.PerSubject
            ? new RepeatedRequest(request, first.Body.ToArray()).ToWorkload()
            : throw new WrongAnswerException($"{path} lists {count} referrers, not {ReferrersSeed.PerSubject}");
    }
}
