namespace Berth.Bench.Reporting;

/// <summary>A number that Berth has to reach.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Berth">What was measured of Berth, as text.</param>
/// <param name="Other">What was measured of what it is compared with, as text; empty when there is nothing.</param>
/// <param name="Value">The number; null when it was not measured.</param>
/// <param name="Target">What it has to be.</param>
internal sealed record Figure(string Name, string Berth, string Other, double? Value, Target Target)
{
    public bool IsMissed => Value is { } value && !Target.IsMet(value);
}
