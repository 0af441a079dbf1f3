namespace Berth.Server.Configuration;

/// <summary>The configuration is wrong; the message lists every mistake, one a line.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems) : Exception(Describe(problems))
{
    private const int MaxShown = 50;

    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;

    private static string Describe(IReadOnlyList<ConfigurationProblem> problems)
    {
        var title = problems.Count == 1 ? "The configuration has a mistake:" : $"The configuration has {problems.Count} mistakes:";
        var lines = problems.Take(MaxShown).Select(problem => $"  {problem}").Prepend(title);
        return string.Join('\n', problems.Count > MaxShown ? lines.Append($"  and {problems.Count - MaxShown} more") : lines);
    }
}
