using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary><c>berth migrate</c>, as an operator runs it: with a file for each side.</summary>
public static class Migrate
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    public static Task<(int ExitCode, string Output)> RunAsync(string from, string to, CancellationToken cancellationToken) =>
        Command.RunAsync("dotnet", Arguments(from, to), cancellationToken);

    /// <summary>Starts a run, and ends it where it stands (kill -9) as soon as <paramref name="isTime"/> says so.</summary>
    public static async Task KillAsync(string from, string to, Func<Task<bool>> isTime, CancellationToken cancellationToken)
    {
        using var process = Command.Start("dotnet", [.. Arguments(from, to), "--parallel", "2"]);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await WaitAsync(process.WaitForExitAsync(cancellationToken), isTime, cancellationToken);
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 137, $"it ended before it was killed:\n{await output}{await errors}");
    }

    /// <summary>Returns when <paramref name="isTime"/> says so, or the run has ended.</summary>
    public static async Task WaitAsync(Task run, Func<Task<bool>> isTime, CancellationToken cancellationToken)
    {
        while (!run.IsCompleted && !await isTime())
        {
            await Task.Delay(BetweenLooks, TimeProvider.System, cancellationToken);
        }
    }

    private static string[] Arguments(string from, string to) => [ServerProcess.Assembly, "migrate", "--from", from, "--to", to];
}
