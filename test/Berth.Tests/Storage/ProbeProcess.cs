using System.Diagnostics;
using Berth.Testing;

namespace Berth.Tests.Storage;

/// <summary>The program Berth.Tests.Probe, in a process of its own.</summary>
internal static class ProbeProcess
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Berth.Tests.Probe.exe" : "Berth.Tests.Probe");

    public static Process Start(params string[] arguments) => Command.Start(Program, arguments);

    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        Command.RunAsync(Program, arguments, TestContext.Current.CancellationToken);

    /// <summary>Runs it while strace makes system calls fail.</summary>
    /// <param name="calls">The system calls, separated by commas.</param>
    /// <param name="error">The error they end in.</param>
    /// <param name="which">Which of the calls: "3" the third, "3+" from the third on, "1+" all.</param>
    public static Task<(int ExitCode, string Output)> RunWithFaultAsync(string calls, string error, string which, params string[] arguments)
    {
        Require.Linux();
        Require.Tool("strace");
        string[] tracing = ["-f", "-qqq", "-o", "/dev/null", "-e", $"trace={calls}", "-e", $"inject={calls}:error={error}:when={which}"];
        return Command.RunAsync("strace", [.. tracing, Program, .. arguments], TestContext.Current.CancellationToken);
    }
}
