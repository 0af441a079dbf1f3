using System.CommandLine;
using Berth.Bench.Load;

namespace Berth.Bench.Commands;

/// <summary>The options that every load has.</summary>
internal sealed class LoadOptions
{
    private readonly string _name;
    private readonly Option<Uri> _url = UrlOption.Create("The registry's address.");
    private readonly Option<int?> _processId = new("--pid") { Description = "The registry's process, whose costs are to be read." };
    private readonly Option<int> _clients = new("--clients") { Description = "Clients at once." };
    private readonly Option<int> _operations = new("--operations") { Description = "Operations to measure, over all clients." };
    private readonly Option<int> _warmUp = new("--warm-up") { Description = "Operations before the measured ones." };
    private readonly Option<int> _seconds = new("--seconds") { Description = "Start no operation after this time.", DefaultValueFactory = _ => 120 };
    private readonly Option<string> _label = new("--label") { Description = "The name of the measurement in the results." };
    private readonly Option<string> _server = new("--of") { Description = "The name of what is measured.", DefaultValueFactory = _ => "berth" };
    private readonly Option<int?> _at = new("--at") { Description = "What differs between measurements of one label, to be noted." };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "A file to append the measurement to, as a line of JSON." };

    public LoadOptions(Command command, int clients, int operations, int warmUp)
    {
        _name = command.Name;
        _clients.DefaultValueFactory = _ => clients;
        _operations.DefaultValueFactory = _ => operations;
        _warmUp.DefaultValueFactory = _ => warmUp;
        _label.DefaultValueFactory = _ => _name;
        foreach (var option in new Option[] { _url, _processId, _clients, _operations, _warmUp, _seconds, _label, _server, _at, _json })
        {
            command.Options.Add(option);
        }
    }

    public LoadPlan Read(ParseResult parsed) => new(
        parsed.GetValue(_label)!,
        parsed.GetValue(_server)!,
        parsed.GetValue(_at),
        parsed.GetValue(_url)!,
        parsed.GetValue(_processId),
        parsed.GetValue(_clients),
        parsed.GetValue(_operations),
        parsed.GetValue(_warmUp),
        TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
        parsed.GetValue(_json));
}
