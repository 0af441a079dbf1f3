using System.Globalization;

namespace Berth.Bench.Reporting;

/// <summary>Figures with their targets as a table, in Markdown that people can read as it is.</summary>
internal static class FigureTable
{
    public static void Write(TextWriter output, IEnumerable<Figure> figures)
    {
        WriteRow(output, ["what", "Berth", "compared with", "figure", "target", ""]);
        WriteRow(output, ["---", "--:", "--:", "--:", "--:", "---"]);
        foreach (var figure in figures)
        {
            WriteRow(output, [figure.Name, figure.Berth, figure.Other, Value(figure), figure.Target.ToString(), Verdict(figure)]);
        }
    }

    private static void WriteRow(TextWriter output, string[] cells) => output.WriteLine(
        $"| {cells[0],-58} | {cells[1],12} | {cells[2],28} | {cells[3],8} | {cells[4],18} | {cells[5],-12} |");

    private static string Value(Figure figure) => figure.Value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";

    private static string Verdict(Figure figure) => figure switch
    {
        { Value: null } => "not measured",
        { IsMissed: true } => "**not met**",
        _ => "met",
    };
}
