using System.Globalization;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>Makes system calls of a server fail, kills it in the middle of them, or counts them.</summary>
/// <remarks>strace counts the calls of each thread for itself, so it is pointed at one thread.</remarks>
public sealed class Strace : IAsyncDisposable
{
    public const string Writer = "SQLite writer";
    public const string Worker = ".NET TP Worker";

    private readonly Daemon _tracer;

    private Strace(Daemon tracer) => _tracer = tracer;

    /// <summary>Starts a program that is killed when a thread of it enters a call for the <paramref name="number"/>th time.</summary>
    public static string[] KillAt(string call, int number) => Launch(call, "/dev/null", "-e", $"inject={call}:signal=KILL:when={number}");

    /// <summary>Starts a program and writes its calls into a file, each with its thread.</summary>
    public static string[] Record(IEnumerable<string> calls, string file) => Launch(string.Join(',', calls), file);

    /// <summary>Tampers with the calls that a thread of a running server makes from now on.</summary>
    /// <param name="thread">The beginning of its name.</param>
    /// <param name="injection">As strace's man page has it after <c>inject=</c>.</param>
    public static async Task<Strace> InjectAsync(ServerProcess server, string thread, string injection, CancellationToken cancellationToken) =>
        await AttachAsync(server, [thread], [$"trace={injection.Split(':')[0]}", $"inject={injection}"], "/dev/null", cancellationToken);

    /// <summary>Writes the calls of threads into a file.</summary>
    public static async Task<Strace> RecordAsync(
        ServerProcess server, IReadOnlyList<string> threads, IEnumerable<string> calls, string file, CancellationToken cancellationToken) =>
        await AttachAsync(server, threads, [$"trace={string.Join(',', calls)}"], file, cancellationToken);

    /// <summary>How often a thread made each call of a record.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> CountAsync(string file, int thread, CancellationToken cancellationToken)
    {
        var prefix = thread.ToString(CultureInfo.InvariantCulture) + " ";
        var lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal) && line.Contains('(', StringComparison.Ordinal))
            .Where(line => line[prefix.Length] != '<') // the rest of a call that was counted at its beginning
            .CountBy(line => line[prefix.Length..line.IndexOf('(', StringComparison.Ordinal)].Trim(), StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
    }

    public static int ThreadOf(ServerProcess server, string name) => int.Parse(
        Assert.Single(
            Directory.GetDirectories($"/proc/{server.Id}/task"),
            task => File.ReadAllLines(Path.Combine(task, "comm"))[0].StartsWith(name, StringComparison.Ordinal)).Split('/')[^1],
        CultureInfo.InvariantCulture);

    /// <summary>Lets go of the server, which goes on as if nothing had been. It may have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _tracer.StopAsync(CancellationToken.None);
        await _tracer.DisposeAsync();
    }

    /// <remarks>
    /// As a grandchild of the program it traces: so that process is ours, and its end is its own. Without a filter in the kernel, with
    /// which strace 6.1 loses count.
    /// </remarks>
    private static string[] Launch(string calls, string file, params string[] options)
    {
        Require.Linux();
        Require.Tool("strace");
        return ["strace", "-D", "-f", "-qqq", "-o", file, "-e", $"trace={calls}", .. options];
    }

    private static async Task<Strace> AttachAsync(
        ServerProcess server, IReadOnlyList<string> threads, string[] expressions, string file, CancellationToken cancellationToken)
    {
        Require.Linux();
        Require.Tool("strace");
        var ids = threads.Select(name => ThreadOf(server, name).ToString(CultureInfo.InvariantCulture)).ToArray();
        string[] arguments = ["-o", file, .. ids.SelectMany(id => new[] { "-p", id }), .. expressions.SelectMany(text => new[] { "-e", text })];
        var tracer = new Daemon("strace", arguments, new Dictionary<string, string>(StringComparer.Ordinal), Path.GetTempPath());
        await tracer.WaitUntilAsync(
            _ => Task.FromResult(ids.All(id => tracer.FindLine($"Process {id} attached") is not null)), cancellationToken);
        return new Strace(tracer);
    }
}
