using System.Runtime.InteropServices;

namespace Berth.Safety.Tests.History;

/// <summary>A request, as far as it concerns one register.</summary>
/// <param name="Start">Its place in the one order of all starts and ends.</param>
/// <param name="Request">What was asked and answered, for people.</param>
/// <param name="End">Null when nobody heard how it ended: it may have been carried out at any time since, or never.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Call(long Start, long? End, Effect Effect, string Request = "")
{
    public override string ToString() => $"[{Start}..{End?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}] {Effect}: {Request}";
}
