using System.Globalization;

namespace Berth.Testing;

/// <summary>A PostgreSQL server of its own, with its data in a temporary folder, on a free port of the loopback interface.</summary>
/// <remarks>It does not sync its files: what it has committed survives its own end, which is all that tests can bring about.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "postgres"; // which Debian's package makes; the server refuses to run as root
    private const string Ready = "database system is ready to accept"; // connections, or read-only ones

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal) { ["LC_ALL"] = "C.UTF-8" };

    private readonly TemporaryFolder _folder = new();
    private readonly string _programs;
    private Daemon? _daemon;

    private PostgresServer(string programs) => _programs = programs;

    public int Port { get; } = LoopbackPort.FindFree();

    /// <summary>Leads to the database <c>postgres</c>, as the superuser.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={Account};Database=postgres");

    /// <summary>What it is told besides, as <c>name=value</c>, when it starts the next time.</summary>
    public IReadOnlyList<string> Settings { get; set; } = [];

    private string Data => _folder["data"];

    /// <summary>Makes a server; it takes connections when this returns.</summary>
    /// <param name="settings">See <see cref="Settings"/>.</param>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken, params string[] settings)
    {
        var server = await PrepareAsync(cancellationToken);
        server.Settings = settings;
        try
        {
            await server.CreateAsync(cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A server that is nothing yet; <see cref="FollowAsync"/> makes it a standby.</summary>
    public static async Task<PostgresServer> PrepareAsync(CancellationToken cancellationToken)
    {
        Require.Linux();
        var programs = FindPrograms();
        Require.That(programs is not null, "PostgreSQL");
        var server = new PostgresServer(programs!);
        if (System.Environment.IsPrivilegedProcess)
        {
            await RunAsync(["chown", Account, server._folder.FullPath], cancellationToken);
        }

        return server;
    }

    /// <summary>Starts it after it was stopped, at the same port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        string[] settings =
        [
            $"port={Port.ToString(CultureInfo.InvariantCulture)}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=400",
            "fsync=off", "log_min_messages=log", .. Settings,
        ];
        string[] command = AsOwner("postgres", ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        _daemon = new Daemon(command[0], command[1..], Environment, _folder.FullPath);
        await _daemon.WaitUntilAsync(_ => Task.FromResult(_daemon.FindLine(Ready) is not null), cancellationToken);
    }

    /// <summary>Forgets what it has, and follows another server from now on (streaming replication). It must have ended.</summary>
    public async Task FollowAsync(PostgresServer primary, CancellationToken cancellationToken)
    {
        if (Directory.Exists(Data))
        {
            new DirectoryInfo(Data).Delete(recursive: true);
        }

        var port = primary.Port.ToString(CultureInfo.InvariantCulture);
        await RunAsync(
            AsOwner("pg_basebackup", ["-D", Data, "-h", "127.0.0.1", "-p", port, "-U", Account, "-R", "-X", "stream", "-c", "fast", "--no-sync"]),
            cancellationToken);
        await StartAgainAsync(cancellationToken);
    }

    /// <summary>Stops to follow, and takes changes from now on.</summary>
    public Task PromoteAsync(CancellationToken cancellationToken) =>
        RunAsync(AsOwner("pg_ctl", ["-D", Data, "-w", "promote"]), cancellationToken);

    /// <summary>Ends it as a crash would: nothing is finished, and the next start recovers.</summary>
    public Task CrashAsync(CancellationToken cancellationToken) => StopAsync("immediate", cancellationToken);

    /// <summary>Ends its connections, and then itself.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => StopAsync("fast", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is { HasExited: false })
        {
            await StopAsync("fast", CancellationToken.None);
        }

        _folder.Dispose();
    }

    private static string? FindPrograms()
    {
        var versions = new DirectoryInfo("/usr/lib/postgresql"); // where Debian puts them, since several may be installed
        return !versions.Exists
            ? null
            : versions.EnumerateDirectories()
                .OrderByDescending(version => version.Name.Length).ThenByDescending(version => version.Name, StringComparer.Ordinal)
                .Select(version => Path.Combine(version.FullName, "bin"))
                .FirstOrDefault(programs => File.Exists(Path.Combine(programs, "initdb")));
    }

    private Task CreateAsync(CancellationToken cancellationToken) =>
        RunAsync(
            AsOwner("initdb", ["-D", Data, "-U", Account, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]), cancellationToken);

    private async Task StopAsync(string mode, CancellationToken cancellationToken)
    {
        await RunAsync(AsOwner("pg_ctl", ["-D", Data, "-m", mode, "-w", "stop"]), cancellationToken);
        await _daemon!.EndAsync(cancellationToken);
        await _daemon.DisposeAsync();
        _daemon = null;
    }

    private string[] AsOwner(string program, string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return System.Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups", "--", path, .. arguments]
            : [path, .. arguments];
    }

    private static async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await Command.RunAsync(command[0], command[1..], cancellationToken);
        Assert.True(exitCode == 0, $"{command[0]} failed:\n{output}");
    }
}
