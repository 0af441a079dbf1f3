using System.CommandLine;
using System.CommandLine.Invocation;

namespace Berth.Server.Commands;

internal sealed class PrintVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"berth {BerthVersion.WithCommit}");
        return ExitCode.Success;
    }
}
