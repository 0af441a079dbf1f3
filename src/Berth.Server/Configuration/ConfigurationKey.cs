namespace Berth.Server.Configuration;

/// <summary>A key that the configuration may hold.</summary>
/// <param name="Pattern">The dotted path; <c>[]</c> after a name is a list, <c>*</c> any one name, <c>**</c> anything at all.</param>
/// <param name="Reason">Why it is ignored or refused; null when effective.</param>
internal sealed record ConfigurationKey(string Pattern, KeyEffect Effect, string? Reason = null)
{
    /// <summary>The environment variable that sets it; a list at its first item, a map at the name <c>NAME</c>.</summary>
    public string Variable { get; } =
        EnvironmentOverrides.Prefix + Pattern.Replace("[]", ".0", StringComparison.Ordinal)
            .Replace("**", "NAME", StringComparison.Ordinal)
            .Replace("*", "NAME", StringComparison.Ordinal)
            .Replace('.', '_')
            .ToUpperInvariant();
}
