namespace Berth.Bench.Reporting;

/// <summary>A plot with logarithmic axes.</summary>
/// <param name="Name">The name of its file, without the extension.</param>
/// <param name="Title">What it shows.</param>
/// <param name="XAxis">What goes to the right.</param>
/// <param name="YAxis">What goes up.</param>
/// <param name="ShowX">An x as text.</param>
/// <param name="Lines">The lines, each with a name and its points from left to right.</param>
internal sealed record Plot(
    string Name,
    string Title,
    string XAxis,
    string YAxis,
    Func<double, string> ShowX,
    IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> Lines);
