using System.CommandLine;
using System.Net;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>serve-bare</c>: what the bytes alone cost, for blob-push and blob-get.</summary>
internal static class ServeBareCommand
{
    public static Command Create()
    {
        var url = UrlOption.Create("The address to listen on, such as http://127.0.0.1:5616.");
        var folder = new Option<DirectoryInfo>("--folder") { Description = "Where the blobs go.", Required = true };
        var command = new Command("serve-bare", "Serve blobs by plain system calls, to compare with.") { url, folder };
        command.SetAction(parsed =>
        {
            var address = parsed.GetRequiredValue(url);
            var there = parsed.GetRequiredValue(folder);
            there.Create();
            new BareServer(new IPEndPoint(IPAddress.Parse(address.Host), address.Port), there).Run();
        });
        return command;
    }
}
