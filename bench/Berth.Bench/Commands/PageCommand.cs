using System.CommandLine;
using Berth.Bench.Load;

namespace Berth.Bench.Commands;

/// <summary><c>tags-page</c> and <c>catalog-page</c>: every client walks the listing page by page.</summary>
internal static class PageCommand
{
    public static Command CreateTags()
    {
        var repository = new Option<string>("--repository") { Description = "Whose tags to list.", Required = true };
        var command = new Command("tags-page", "Walk the tags of a repository page by page.") { repository };
        return AddWalk(command, parsed => $"/v2/{parsed.GetValue(repository)}/tags/list");
    }

    public static Command CreateCatalog() =>
        AddWalk(new Command("catalog-page", "Walk the catalogue page by page."), _ => "/v2/_catalog");

    private static Command AddWalk(Command command, Func<ParseResult, string> path)
    {
        var size = new Option<int>("--n") { Description = "Entries in a page.", DefaultValueFactory = _ => 100 };
        var expected = new Option<int?>("--expect") { Description = "Entries that a whole walk must find." };
        command.Options.Add(size);
        command.Options.Add(expected);
        var load = new LoadOptions(command, clients: 1, operations: 10_000, warmUp: 1_000);
        command.SetAction((parsed, cancellationToken) => LoadRun.MeasureAsync(
            load.Read(parsed),
            registry => new PageClient(registry, $"{path(parsed)}?n={parsed.GetValue(size)}", parsed.GetValue(expected)),
            cancellationToken));
        return command;
    }
}
