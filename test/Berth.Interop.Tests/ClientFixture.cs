namespace Berth.Interop.Tests;

/// <summary>What the tests of one client share: a registry, and a folder for both.</summary>
/// <param name="programs">What must be installed.</param>
/// <param name="needsRoot">Whether these need the rights of root.</param>
public abstract class ClientFixture(string[] programs, bool needsRoot = false) : IAsyncLifetime
{
    private static readonly bool IsStrict = Environment.GetEnvironmentVariable("CI") == "true";

    private readonly string? _reasonToSkip = ReasonToSkip(programs, needsRoot);
    private RegistryProcess? _registry;

    public Workspace Workspace { get; } = new();

    public RegistryProcess Registry => _registry ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        if (_reasonToSkip is not null)
        {
            return;
        }

        try
        {
            _registry = await RegistryProcess.StartAsync(Workspace, "registry", TestContext.Current.CancellationToken);
            await StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await DisposeAsync(); // nobody else does, for a fixture that did not start
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        await Workspace.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Skips the test when something is not installed, or fails it where everything must be.</summary>
    public void Require()
    {
        if (_reasonToSkip is { } reason)
        {
            Assert.SkipUnless(IsStrict, reason);
            Assert.Fail(reason);
        }
    }

    protected virtual Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected virtual Task StopAsync() => Task.CompletedTask;

    private static string? ReasonToSkip(string[] programs, bool needsRoot)
    {
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        var missing = programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToArray();
        return missing.Length > 0 ? $"not installed: {string.Join(", ", missing)}"
            : needsRoot && !Environment.IsPrivilegedProcess ? "needs root"
            : null;
    }
}
