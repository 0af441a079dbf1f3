using System.Globalization;

namespace Berth.Bench.Reporting;

/// <summary>A bound on a number, which is itself still good.</summary>
/// <param name="Bound">The bound.</param>
/// <param name="IsLeast">True: the least that is good. False: the most.</param>
/// <param name="Unit">The number's unit.</param>
internal sealed record Target(double Bound, bool IsLeast, string Unit)
{
    public static Target AtMost(double bound, string unit) => new(bound, IsLeast: false, unit);

    public static Target AtLeast(double bound, string unit) => new(bound, IsLeast: true, unit);

    public bool IsMet(double value) => IsLeast ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsLeast ? '≥' : '≤')} {Bound:G} {Unit}");
}
