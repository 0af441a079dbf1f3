namespace Berth.Server.Configuration;

/// <summary>Collects what is wrong with the configuration, so that all of it is said at once.</summary>
internal sealed class ConfigurationReport
{
    private readonly List<ConfigurationProblem> _errors = [];
    private readonly List<ConfigurationProblem> _warnings = [];

    public IReadOnlyList<ConfigurationProblem> Errors => InReadingOrder(_errors);

    public IReadOnlyList<ConfigurationProblem> Warnings => InReadingOrder(_warnings);

    public void Error(string key, Origin origin, string text) => _errors.Add(new(key, origin, text));

    public void Warn(string key, Origin origin, string text) => _warnings.Add(new(key, origin, text));

    public void Add(ConfigurationReport other)
    {
        _errors.AddRange(other._errors);
        _warnings.AddRange(other._warnings);
    }

    /// <exception cref="ConfigurationException">There was an error.</exception>
    public void ThrowIfAnyError()
    {
        if (_errors.Count > 0)
        {
            throw new ConfigurationException(Errors);
        }
    }

    private static List<ConfigurationProblem> InReadingOrder(List<ConfigurationProblem> problems) =>
        [.. problems.OrderBy(problem => problem.Origin.Line == 0).ThenBy(problem => problem.Origin.Line)];
}
