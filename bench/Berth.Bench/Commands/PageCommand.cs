using System.CommandLine;
using Berth.Bench.Load;

namespace Berth.Bench.Commands;

/// <summary><c>tags-page</c> and <c>catalog-page</c>: every client walks the listing page by page.</summary>
internal static class PageCommand
{
    public static Command CreateTags()
    {
        var repository = new Option<string>("--repository") { Description = "Whose tags to list.", DefaultValueFactory = _ => "bench/tags" };
        var command = new Command("tags-page", "Walk the tags of a repository page by page.") { repository };
        return AddWalk(command, parsed => $"/v2/{parsed.GetValue(repository)}/tags/list");
    }

    public static Command CreateCatalog() =>
        AddWalk(new Command("catalog-page", "Walk the catalogue page by page."), _ => "/v2/_catalog");

    private static Command AddWalk(Command command, Func<ParseResult, string> path)
    {
        var size = new Option<int>("--n") { Description = "Entries in a page.", DefaultValueFactory = _ => 100 };
        var expected = new Option<int?>("--expect") { Description = "Entries that a whole walk must find." };
        var unordered = new Option<bool>("--unordered") { Description = "The registry lists all at once and in any order, whatever it is asked." };
        command.Options.Add(size);
        command.Options.Add(expected);
        command.Options.Add(unordered);
        var load = new LoadOptions(command, clients: 1, operations: 5_000, warmUp: 1_000);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(
            load.Read(parsed),
            new Workload(registry =>
            {
                var first = $"{path(parsed)}?n={parsed.GetValue(size)}";
                var walk = new ListingWalk(registry, first, parsed.GetValue(expected), isOrdered: !parsed.GetValue(unordered));
                return (_, running) => walk.RunAsync(running);
            }),
            cancellationToken));
        return command;
    }
}
