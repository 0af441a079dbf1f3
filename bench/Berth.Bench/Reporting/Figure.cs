namespace Berth.Bench.Reporting;

/// <summary>A number that Berth has to reach.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Limit">The most it may be.</param>
/// <param name="Unit">The unit of both.</param>
internal sealed record Figure(string Name, double Value, double Limit, string Unit)
{
    public bool IsMet => Value <= Limit;
}
