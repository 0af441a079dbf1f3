using System.Collections;
using Berth.Server.Commands;

var environment = Environment.GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

var commandLine = new BerthCommandLine(
    (configuration, cancellationToken) => ServeCommand.RunAsync(configuration, Console.Out, Console.Error, cancellationToken),
    (configuration, deep, json, output, cancellationToken) =>
        FsckCommand.RunAsync(configuration, deep, json, output, Console.Error, cancellationToken),
    (source, target, parallelism, output, cancellationToken) => MigrateCommand.RunAsync(
        source, target, parallelism, new MigrationDisplay(output, !Console.IsOutputRedirected, TimeProvider.System), Console.Error, cancellationToken),
    environment,
    Console.Out,
    Console.Error);
return await commandLine.RunAsync(args, CancellationToken.None);
