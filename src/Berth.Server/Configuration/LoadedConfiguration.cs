namespace Berth.Server.Configuration;

/// <summary>A configuration that can be used, and what its author should know about it.</summary>
public sealed record LoadedConfiguration(BerthConfiguration Configuration, IReadOnlyList<ConfigurationProblem> Warnings);
