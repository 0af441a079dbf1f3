using System.Diagnostics;

namespace Berth.Interop.Tests;

/// <summary>A client program, started anew for every command, with a home of its own so that nobody's settings count.</summary>
/// <param name="program">Its name; looked for on the path.</param>
/// <param name="workspace">Where its home is.</param>
/// <param name="common">Arguments that come before those of every command.</param>
public sealed class Tool(string program, Workspace workspace, params string[] common)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Variables besides those that give it a home.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["HOME"] = workspace.Folder("home"),
        ["DOCKER_CONFIG"] = DockerSettings(workspace),
        ["XDG_RUNTIME_DIR"] = workspace.Folder("home", "run"),
        ["XDG_CONFIG_HOME"] = workspace.Folder("home", ".config"),
        ["XDG_DATA_HOME"] = workspace.Folder("home", ".local"),
        ["TMPDIR"] = workspace.Folder("tmp"),
    };

    /// <summary>Where it runs.</summary>
    public string Folder { get; init; } = workspace.Folder("home");

    /// <summary>Runs a command that must succeed.</summary>
    /// <returns>What it printed to its standard output.</returns>
    public async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken) =>
        (await TryAsync(arguments, cancellationToken)).Succeeded();

    public async Task<ToolResult> TryAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, [.. common, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new ToolResult($"{program} {string.Join(' ', arguments)}", process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>A folder with empty settings: podman wants the file to exist.</summary>
    private static string DockerSettings(Workspace workspace)
    {
        File.WriteAllText(workspace.Place("home", ".docker", "config.json"), "{}");
        return workspace.Folder("home", ".docker");
    }
}
