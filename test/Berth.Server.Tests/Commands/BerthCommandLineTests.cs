using Berth.Server.Commands;
using Berth.Server.Configuration;
using Berth.Server.Tests.Configuration;

namespace Berth.Server.Tests.Commands;

public sealed class BerthCommandLineTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly List<BerthConfiguration> _served = [];
    private readonly List<(BerthConfiguration Configuration, bool Deep, bool Json)> _checked = [];
    private readonly List<(BerthConfiguration Source, BerthConfiguration Target, int Parallelism)> _migrated = [];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Without_arguments_it_serves_the_defaults()
    {
        Assert.Equal(0, await RunAsync([]));
        Assert.Equal(0, await RunAsync(["serve"]));
        Assert.Equal(2, _served.Count);
        Assert.All(_served, configuration => Assert.Equal(ConfigurationFixture.Defaults, ConfigurationFixture.Describe(configuration)));
        Assert.Equal("", _output.ToString() + _error);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData(null)]
    public async Task A_file_is_served_with_or_without_the_verb(string? verb)
    {
        await File.WriteAllTextAsync(_fixture.FilePath, "http: {addr: ':1'}", TestContext.Current.CancellationToken);

        Assert.Equal(0, await RunAsync(verb is null ? [_fixture.FilePath] : [verb, _fixture.FilePath]));
        Assert.Equal(1, Assert.Single(_served).Http.Address.Port);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true, "--json", "--deep")]
    [InlineData(true, false, "--deep")]
    public async Task Fsck_gets_its_options_and_the_configuration(bool deep, bool json, params string[] options)
    {
        await File.WriteAllTextAsync(_fixture.FilePath, "storage: {filesystem: {rootdirectory: /srv}}", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Findings, await RunAsync(["fsck", _fixture.FilePath, .. options]));

        var (configuration, isDeep, isJson) = Assert.Single(_checked);
        Assert.Equal(("/srv", deep, json), (configuration.Storage.RootDirectory, isDeep, isJson));
    }

    [Theory]
    [InlineData(0, "allowed: push on team/app by access.rules[0]", "--user", "ci", "--action", "push", "--repository", "team/app")]
    [InlineData(3, "denied: no rule gives ci overwrite on team/app", "--user", "ci", "--action", "overwrite", "--repository", "team/app")]
    [InlineData(3, "denied: no rule gives an anonymous caller push on team/app", "--action", "push", "--repository", "team/app")]
    [InlineData(0, "allowed: pull on team/app by access.rules[1]", "--action", "pull", "--repository", "team/app")]
    public async Task Policy_test_says_what_the_rules_decide_and_which_of_them(int code, string answer, params string[] question)
    {
        const string configuration =
            """
            auth: {htpasswd: {realm: r, path: p}}
            access:
              rules:
                - {repositories: [team/*], users: [ci], actions: [push]}
                - {repositories: ["**"], anonymous: true, actions: [pull]}
            """;
        await File.WriteAllTextAsync(_fixture.FilePath, configuration, TestContext.Current.CancellationToken);

        Assert.Equal(code, await RunAsync(["policy", "test", "--config", _fixture.FilePath, .. question]));
        Assert.Equal(answer, _output.ToString().Trim());
    }

    [Theory]
    [InlineData("policy", "test", "--action", "push")]
    [InlineData("policy", "test", "--action", "read", "--repository", "app")]
    [InlineData("policy", "test", "--action", "pull", "--repository", "APP")]
    [InlineData("policy", "test", "--action", "pull,push", "--repository", "app")]
    public async Task A_question_that_is_not_clear_is_not_answered(params string[] arguments) => Assert.Equal(ExitCode.Usage, await RunAsync(arguments));

    [Theory]
    [InlineData(4)]
    [InlineData(7, "--parallel", "7")]
    public async Task Migrate_gets_both_configurations_as_the_files_have_them_whatever_the_variables_say(int parallelism, params string[] options)
    {
        var target = _fixture.FilePath + ".new.yml";
        await File.WriteAllTextAsync(_fixture.FilePath, "storage: {filesystem: {rootdirectory: /old}}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(target, "storage: {filesystem: {rootdirectory: /new}}", TestContext.Current.CancellationToken);

        Assert.Equal(
            ExitCode.Findings,
            await RunAsync(
                ["migrate", "--from", _fixture.FilePath, "--to", target, .. options],
                ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/variable")));

        File.Delete(target);
        var (from, to, actual) = Assert.Single(_migrated);
        Assert.Equal(("/old", "/new", parallelism), (from.Storage.RootDirectory, to.Storage.RootDirectory, actual));
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("migrate", "--from", "a.yml")]
    [InlineData("migrate", "--from", "a.yml", "--to", "b.yml", "--parallel", "0")]
    [InlineData("migrate", "--from", "a.yml", "--to", "b.yml", "--parallel", "65")]
    [InlineData("migrate", "--from", "a.yml", "--to", "b.yml", "--parallel", "many")]
    [InlineData("migrate", "--from", "a.yml", "--to", "b.yml")] // neither is there
    public async Task Migrate_without_what_it_needs_does_nothing_and_exits_with_2(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(arguments));

        Assert.NotEqual("", _error.ToString());
        Assert.Empty(_migrated);
    }

    [Fact]
    public async Task A_wrong_configuration_runs_nothing_and_exits_with_2()
    {
        Assert.Equal(2, await RunAsync(["serve"], ("REGISTRY_HTTP_ADDR", "x"), ("REGISTRY_LOG_LEVEL", "y")));

        Assert.Empty(_served);
        Assert.Equal("", _output.ToString());
        Assert.Equal(
            """
            The configuration has 2 mistakes:
              http.addr (REGISTRY_HTTP_ADDR): must be host:port, or :5000 for every interface, not "x"
              log.level (REGISTRY_LOG_LEVEL): must be error, warn, info or debug, not "y"

            """,
            _error.ToString(),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Warnings_go_to_the_error_stream_so_that_JSON_stays_JSON()
    {
        await RunAsync(["fsck", "--json"], ("REGISTRY_PORT", "x"));

        Assert.Equal("", _output.ToString());
        Assert.StartsWith("warning: REGISTRY_PORT: matches no key", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("srve")]
    [InlineData("--deep")]
    [InlineData("serve", "a.yml", "b.yml")]
    [InlineData("serve", "--deep")]
    [InlineData("version", "x")]
    [InlineData("@file")]
    [InlineData("")]
    public async Task A_wrong_command_line_runs_nothing_and_exits_with_2(params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(arguments));

        Assert.Empty(_served);
        Assert.Equal("", _output.ToString());
        Assert.EndsWith("Try: berth --help", _error.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public async Task The_version_is_printed(string argument)
    {
        Assert.Equal(0, await RunAsync([argument]));
        Assert.Equal($"berth {BerthVersion.WithCommit}", _output.ToString().TrimEnd());
        Assert.Empty(_served);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public async Task Help_names_the_commands_and_the_exit_codes(string argument)
    {
        Assert.Equal(0, await RunAsync([argument]));

        Assert.All(
            ["berth [command]", "serve", "fsck", "migrate", "version", "REGISTRY_CONFIGURATION_PATH", "Exit codes"],
            text => Assert.Contains(text, _output.ToString(), StringComparison.Ordinal));
        Assert.Empty(_served);
    }

    [Fact]
    public async Task Cancellation_reaches_the_command()
    {
        using var source = new CancellationTokenSource();
        var commandLine = new BerthCommandLine(
            (_, cancellationToken) => Task.FromResult(cancellationToken.CanBeCanceled ? 7 : 8),
            FsckAsync,
            MigrateAsync,
            ConfigurationFixture.Variables(),
            _output,
            _error);

        Assert.Equal(7, await commandLine.RunAsync([], source.Token));
    }

    private Task<int> RunAsync(string[] arguments, params (string Name, string Value)[] variables) =>
        new BerthCommandLine(ServeAsync, FsckAsync, MigrateAsync, ConfigurationFixture.Variables(variables), _output, _error)
            .RunAsync(arguments, TestContext.Current.CancellationToken);

    private Task<int> ServeAsync(BerthConfiguration configuration, CancellationToken cancellationToken)
    {
        _served.Add(configuration);
        return Task.FromResult(ExitCode.Success);
    }

    private Task<int> FsckAsync(BerthConfiguration configuration, bool deep, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        _checked.Add((configuration, deep, json));
        return Task.FromResult(ExitCode.Findings);
    }

    private Task<int> MigrateAsync(
        BerthConfiguration source, BerthConfiguration target, int parallelism, TextWriter output, CancellationToken cancellationToken)
    {
        _migrated.Add((source, target, parallelism));
        return Task.FromResult(ExitCode.Findings);
    }
}
