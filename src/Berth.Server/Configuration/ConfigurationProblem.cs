namespace Berth.Server.Configuration;

/// <summary>One mistake in the configuration, or one thing to know about it. Never holds the value of a secret.</summary>
/// <param name="Key">The dotted path, such as <c>http.addr</c>; empty when it concerns the whole file or an unknown variable.</param>
/// <param name="Origin">Where the key was written.</param>
/// <param name="Text">What is wrong and what is allowed.</param>
public sealed record ConfigurationProblem(string Key, Origin Origin, string Text)
{
    public override string ToString() => Key.Length == 0 ? $"{Origin}: {Text}" : $"{Key} ({Origin}): {Text}";
}
