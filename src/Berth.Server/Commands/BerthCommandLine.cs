using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using Berth.Access;
using Berth.Server.Configuration;

namespace Berth.Server.Commands;

/// <summary>The command line: what to run, with which configuration. Every way out has an <see cref="ExitCode"/>.</summary>
/// <param name="environment">The variables of the process.</param>
internal sealed class BerthCommandLine(
    ServeAction serve, FsckAction fsck, MigrateAction migrate, IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter error)
{
    private const int MostParallel = 64;

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        // No response files: @ has no meaning here.
        var result = CreateRoot().Parse(WithVerb(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
        foreach (var mistake in result.Errors)
        {
            await error.WriteLineAsync(mistake.Message.AsMemory(), cancellationToken);
        }

        if (result.Errors.Count > 0)
        {
            await error.WriteLineAsync("Try: berth --help".AsMemory(), cancellationToken);
            return ExitCode.Usage;
        }

        // The host handles SIGINT and SIGTERM itself, and drains for as long as it takes.
        var invocation = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null };
        return await result.InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>A file in place of the verb means <c>serve</c>.</summary>
    private static string[] WithVerb(string[] arguments) => arguments switch
    {
        ["help", .. var rest] => [.. rest, "--help"],
        [var file, ..] when file.EndsWith(".yml", StringComparison.Ordinal) || file.EndsWith(".yaml", StringComparison.Ordinal) =>
            ["serve", .. arguments],
        _ => arguments,
    };

    /// <summary>Not a <see cref="RootCommand"/>, which would be called by the name of the assembly.</summary>
    private Command CreateRoot()
    {
        var root = new Command("berth", "Berth, an OCI container registry: docker, podman, skopeo and others push to it and pull from it.")
        {
            CreateServe(),
            CreateFsck(),
            CreateMigrate(),
            CreatePolicy(),
            CreateVersion(),
            new HelpOption { Action = new HelpWithExamples(new HelpAction()) },
            new VersionOption { Description = "Show the version", Action = new PrintVersion() },
        };
        root.SetAction((_, cancellationToken) => ServeAsync(path: null, cancellationToken));
        return root;
    }

    private Command CreateServe()
    {
        var file = CreateFileArgument();
        var command = new Command("serve", "Start the registry. This is what berth without a command does.") { file };
        command.SetAction((result, cancellationToken) => ServeAsync(result.GetValue(file), cancellationToken));
        return command;
    }

    private Task<int> ServeAsync(string? path, CancellationToken cancellationToken) =>
        WithConfigurationAsync(path, configuration => serve(configuration, cancellationToken), cancellationToken);

    private Command CreateFsck()
    {
        var file = CreateFileArgument();
        var deep = new Option<bool>("--deep") { Description = "Read every blob and compare it with its digest" };
        var json = new Option<bool>("--json") { Description = "Write the findings as JSON" };
        var command = new Command("fsck", "Check that the data is whole, and say which promise is broken.") { file, deep, json };
        command.SetAction((result, cancellationToken) => WithConfigurationAsync(
            result.GetValue(file),
            configuration => fsck(configuration, result.GetValue(deep), result.GetValue(json), output, cancellationToken),
            cancellationToken));
        return command;
    }

    private Command CreateMigrate()
    {
        var from = new Option<string>("--from") { Description = "The configuration file of the registry to move", Required = true, HelpName = "config.yml" };
        var to = new Option<string>("--to") { Description = "The configuration file of where it goes, which must be new", Required = true, HelpName = "config.yml" };
        var parallel = new Option<int>("--parallel")
        {
            Description = $"How many blobs to copy at once, 1 to {MostParallel}",
            DefaultValueFactory = _ => 4,
            CustomParser = ParseParallel,
            HelpName = "number",
        };
        var command = new Command(
            "migrate",
            "Move a registry to another database and another store, while it is served. A run makes the target equal to the source as it is then: "
            + "run it until little is left, stop the source or make it read-only, run it once more, and start the target. "
            + "Both files are read without REGISTRY_... variables, which would make them the same.")
        {
            from, to, parallel,
        };
        command.SetAction((result, cancellationToken) => MigrateAsync(
            result.GetRequiredValue(from), result.GetRequiredValue(to), result.GetValue(parallel), cancellationToken));
        return command;
    }

    private static int ParseParallel(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostParallel)
        {
            return number;
        }

        result.AddError($"--parallel must be a number from 1 to {MostParallel}.");
        return 0;
    }

    private Task<int> MigrateAsync(string from, string to, int parallelism, CancellationToken cancellationToken)
    {
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        return WithConfigurationAsync(
            from,
            none,
            source => WithConfigurationAsync(
                to, none, target => migrate(source, target, parallelism, output, cancellationToken), cancellationToken),
            cancellationToken);
    }

    private Command CreatePolicy()
    {
        var user = new Option<string?>("--user") { Description = "Who asks; without it, somebody who has not logged in", HelpName = "name" };
        var action = new Option<RepositoryAction>("--action")
        {
            Description = "What they want to do: pull, push, overwrite, delete or admin",
            Required = true,
            HelpName = "action",
        };
        action.AcceptOnlyFromAmong(["pull", "push", "overwrite", "delete", "admin"]);
        var repository = new Option<RepositoryName>("--repository")
        {
            Description = "With which repository; it need not exist",
            Required = true,
            CustomParser = ParseRepository,
            HelpName = "name",
        };
        var file = new Option<string?>("--config") { Description = "The configuration file; else as for serve", HelpName = "config.yml" };
        var test = new Command("test", "Say whether somebody may do something, and by which rule.") { user, action, repository, file };
        test.SetAction((result, cancellationToken) => WithConfigurationAsync(
            result.GetValue(file),
            configuration => PolicyTestCommand.RunAsync(
                configuration, result.GetValue(user), result.GetValue(repository), result.GetValue(action), output, cancellationToken),
            cancellationToken));
        return new Command("policy", "Look at who may do what.") { test };
    }

    private static RepositoryName ParseRepository(ArgumentResult result)
    {
        if (!RepositoryName.TryParse(result.Tokens[0].Value, out var repository))
        {
            result.AddError("--repository must be the name of a repository, such as team/app.");
        }

        return repository;
    }

    private static Command CreateVersion() => new("version", "Show the version.") { Action = new PrintVersion() };

    private static Argument<string?> CreateFileArgument()
    {
        var file = new Argument<string?>("config.yml")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The configuration file; else REGISTRY_CONFIGURATION_PATH, else the defaults",
        };
        file.Validators.Add(result =>
        {
            // An unknown option would be taken for the file.
            if (result.Tokens is [{ Value: ['-', ..] option }, ..])
            {
                result.AddError($"There is no option {option}.");
            }
        });
        return file;
    }

    private Task<int> WithConfigurationAsync(
        string? path, Func<BerthConfiguration, Task<int>> run, CancellationToken cancellationToken) =>
        WithConfigurationAsync(path, environment, run, cancellationToken);

    /// <param name="variables">The variables that count.</param>
    private async Task<int> WithConfigurationAsync(
        string? path, IReadOnlyDictionary<string, string> variables, Func<BerthConfiguration, Task<int>> run, CancellationToken cancellationToken)
    {
        LoadedConfiguration loaded;
        try
        {
            loaded = ConfigurationLoader.Load(path, variables);
        }
        catch (ConfigurationException exception)
        {
            await error.WriteLineAsync(exception.Message.AsMemory(), cancellationToken);
            return ExitCode.Usage;
        }

        foreach (var warning in loaded.Warnings)
        {
            await error.WriteLineAsync($"warning: {warning}".AsMemory(), cancellationToken);
        }

        return await run(loaded.Configuration);
    }
}
