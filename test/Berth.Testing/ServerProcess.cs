namespace Berth.Testing;

/// <summary>The server as its users run it: a process of its own with its own data folder, on a free port of the loopback interface.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const string Notice = " listens on http://";

    private readonly Daemon _daemon;

    private ServerProcess(Daemon daemon) => _daemon = daemon;

    /// <summary>The server that was built together with these tests: its output folder is a sibling of theirs.</summary>
    public static string Assembly { get; } = FindAssembly();

    public int Id => _daemon.Id;

    public bool HasExited => _daemon.HasExited;

    /// <summary>What clients type before the name of a repository. Known once it listens.</summary>
    public string Address => _daemon.FindLine(Notice) is { } line
        ? line[(line.IndexOf(Notice, StringComparison.Ordinal) + Notice.Length)..]
        : throw new InvalidOperationException("it does not listen yet");

    /// <summary>The last lines that it wrote.</summary>
    public string Log => _daemon.Log;

    /// <summary>Starts a server; it listens when this returns.</summary>
    public static async Task<ServerProcess> StartAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var server = Launch(dataFolder, [], []);
        try
        {
            await server.WaitUntilListeningAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server and does not wait for it.</summary>
    /// <param name="launcher">The program that starts it, with its arguments, such as strace; empty for none.</param>
    /// <param name="settings">Further variables.</param>
    public static ServerProcess Launch(string dataFolder, IReadOnlyList<string> launcher, IReadOnlyList<(string Name, string Value)> settings) =>
        LaunchIn(Path.GetDirectoryName(dataFolder)!, launcher, [.. Settings(dataFolder), .. settings]);

    /// <summary>Starts a server that is told everything by its settings, and does not wait for it.</summary>
    public static ServerProcess LaunchIn(string folder, IReadOnlyList<string> launcher, IReadOnlyList<(string Name, string Value)> settings)
    {
        string[] command = [.. launcher, "dotnet", Assembly, "serve"];
        var environment = settings.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        return new ServerProcess(new Daemon(command[0], command[1..], environment, folder));
    }

    /// <summary>What <c>berth</c> needs to know to find a data folder and a free port.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings(string dataFolder) =>
        [("REGISTRY_HTTP_ADDR", "127.0.0.1:0"), ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", dataFolder)];

    /// <summary>Returns when it listens; fails with its log when it ends before.</summary>
    public Task WaitUntilListeningAsync(CancellationToken cancellationToken) =>
        _daemon.WaitUntilAsync(_ => Task.FromResult(_daemon.FindLine(Notice) is not null), cancellationToken);

    /// <summary>Returns when it listens, or false when it ends before.</summary>
    public async Task<bool> TryListenAsync(CancellationToken cancellationToken)
    {
        await _daemon.WaitUntilAsync(_ => Task.FromResult(HasExited || _daemon.FindLine(Notice) is not null), cancellationToken);
        return _daemon.FindLine(Notice) is not null;
    }

    /// <inheritdoc cref="Daemon.Pause"/>
    public void Pause() => _daemon.Pause();

    /// <inheritdoc cref="Daemon.Resume"/>
    public void Resume() => _daemon.Resume();

    /// <inheritdoc cref="Daemon.StopAsync"/>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _daemon.StopAsync(cancellationToken);

    /// <inheritdoc cref="Daemon.KillAsync"/>
    public Task KillAsync(CancellationToken cancellationToken) => _daemon.KillAsync(cancellationToken);

    /// <inheritdoc cref="Daemon.EndAsync"/>
    public Task<int> EndAsync(CancellationToken cancellationToken) => _daemon.EndAsync(cancellationToken);

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    private static string FindAssembly()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Berth.Server", own.Name, "Berth.Server.dll");
    }
}
