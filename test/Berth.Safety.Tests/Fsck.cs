using System.Text.Json;
using System.Text.Json.Nodes;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary><c>berth fsck</c>, as an operator runs it.</summary>
public static class Fsck
{
    private const int Clean = 0;
    private const int Findings = 3;

    /// <summary>Reads and hashes everything, and fails with what it found.</summary>
    public static Task DemandCleanAsync(string dataFolder, CancellationToken cancellationToken) =>
        DemandCleanAsync(ServerProcess.Settings(dataFolder), cancellationToken);

    /// <inheritdoc cref="DemandCleanAsync(string, CancellationToken)"/>
    public static async Task DemandCleanAsync(IReadOnlyList<(string Name, string Value)> settings, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await RunAsync(settings, ["--deep"], cancellationToken);
        Assert.True(exitCode == Clean, $"fsck ended with {exitCode}:\n{output}");
    }

    /// <returns>What it found, as "F4 subject".</returns>
    public static async Task<string[]> FindAsync(string dataFolder, CancellationToken cancellationToken, params string[] options)
    {
        var (exitCode, output) = await RunAsync(dataFolder, ["--json", .. options], cancellationToken);
        var findings = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToArray();
        Assert.Equal(findings.Length == 0 ? Clean : Findings, exitCode);
        return findings;
    }

    public static Task<(int ExitCode, string Output)> RunAsync(string dataFolder, IEnumerable<string> options, CancellationToken cancellationToken) =>
        RunAsync(ServerProcess.Settings(dataFolder), options, cancellationToken);

    public static Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<(string Name, string Value)> settings, IEnumerable<string> options, CancellationToken cancellationToken) =>
        Command.RunAsync(
            "env", [.. settings.Select(setting => $"{setting.Name}={setting.Value}"), "dotnet", ServerProcess.Assembly, "fsck", .. options], cancellationToken);

    private static string Parse(string line)
    {
        var finding = JsonNode.Parse(line)!.AsObject();
        Assert.Equal(["invariant", "subject", "message"], finding.Select(member => member.Key));
        Assert.All(finding, member => Assert.Equal(JsonValueKind.String, member.Value!.GetValueKind()));
        return $"{finding["invariant"]} {finding["subject"]}";
    }
}
