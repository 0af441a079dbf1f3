using System.Diagnostics;
using System.Net.Sockets;
using Berth.Testing;

namespace Berth.Tests.Metadata.Sqlite;

/// <summary>A process of this program that pushes manifests one after the other and says at once how each push ended.</summary>
/// <remarks>It says <c>stored 7</c>, <c>transient 8</c>, or <c>broken 9</c> when the store takes no more changes; and ends after three failures.</remarks>
public sealed class SqliteChildProcess : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Process _process;
    private readonly string _socketPath;
    private StreamReader? _lines;

    private SqliteChildProcess(string database, string[] wrapper)
    {
        _socketPath = $"{database}.socket";
        _listener.Bind(new UnixDomainSocketEndPoint(_socketPath));
        _listener.Listen(1);
        string[] command = [.. wrapper, Path.Combine(AppContext.BaseDirectory, "Berth.Tests")];
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[SqliteChild.DatabaseVariable] = database;
        start.Environment[SqliteChild.SocketVariable] = _socketPath;
        _process = Process.Start(start) ?? throw new InvalidOperationException("no process");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="wrapper">A command that runs another one, such as strace with its arguments.</param>
    public static async Task<SqliteChildProcess> StartAsync(string database, params string[] wrapper)
    {
        Require.Linux();
        var child = new SqliteChildProcess(database, wrapper);
        var connection = child._listener.AcceptAsync(Cancellation).AsTask();
        if (await Task.WhenAny(connection, child._process.WaitForExitAsync(Cancellation)) != connection)
        {
            throw new InvalidOperationException($"The child process ended with {child._process.ExitCode}.");
        }

        child._lines = new StreamReader(new NetworkStream(await connection, ownsSocket: true));
        return child;
    }

    /// <summary>The next thing it says; null when it has ended.</summary>
    public async Task<string?> ReadAsync() => await _lines!.ReadLineAsync(Cancellation);

    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _lines?.Dispose();
        await KillAsync();
        _process.Dispose();
        _listener.Dispose();
        File.Delete(_socketPath);
    }
}
