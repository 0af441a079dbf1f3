using System.Collections;
using Berth.Server.Commands;
using Berth.Server.Configuration;

var environment = Environment.GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

return await new BerthCommandLine(ServeAsync, FsckAsync, environment, Console.Out, Console.Error).RunAsync(args, CancellationToken.None);

static async Task<int> ServeAsync(BerthConfiguration configuration, CancellationToken cancellationToken)
{
    var notice = StartupNotice.Render(BerthVersion.Text, configuration, configuration.Http.Address.Port);
    await Console.Out.WriteAsync(notice.AsMemory(), cancellationToken);
    return ExitCode.Success;
}

static async Task<int> FsckAsync(
    BerthConfiguration configuration, bool deep, bool json, TextWriter output, CancellationToken cancellationToken)
{
    await Console.Error.WriteLineAsync("This build has no check.".AsMemory(), cancellationToken);
    return ExitCode.Failure;
}
