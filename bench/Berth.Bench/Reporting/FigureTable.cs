using System.Globalization;

namespace Berth.Bench.Reporting;

/// <summary>Figures as a table for people.</summary>
internal static class FigureTable
{
    public static void Write(TextWriter output, IEnumerable<Figure> figures)
    {
        foreach (var figure in figures)
        {
            var verdict = figure.IsMet ? "met" : "OUT OF ITS LIMIT";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{figure.Name,-58}{figure.Value,8:F2} of {figure.Limit,4:G} {figure.Unit,-8} {verdict}"));
        }
    }
}
