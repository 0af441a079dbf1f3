using System.Globalization;

namespace Berth.Bench.Reporting;

/// <summary>Draws a <see cref="Plot"/> as SVG, readable on a light page and on a dark one.</summary>
internal sealed class SvgPlot(Plot plot)
{
    private const double Width = 720;
    private const double Height = 400;
    private const double Left = 80;
    private const double Right = 700;
    private const double Top = 70;
    private const double Bottom = 340;

    private const string Style =
        """
        text { font: 13px sans-serif; fill: #333 } .title { font-weight: bold } .grid { stroke: #8884 } .axis { stroke: #888 }
        .line { fill: none; stroke-width: 2.5 } @media (prefers-color-scheme: dark) { text { fill: #ddd } }
        """;

    private static readonly string[] Colours = ["#2f7ed8", "#d9822b", "#2e9e5b", "#9b59b6"];

    private readonly IReadOnlyList<double> _ticks = [.. plot.Lines.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order()];
    private readonly int _lowest = (int)Math.Floor(plot.Lines.SelectMany(line => line.Points).Min(point => Math.Log10(point.Y)));
    private readonly int _highest = (int)Math.Floor(plot.Lines.SelectMany(line => line.Points).Max(point => Math.Log10(point.Y))) + 1;

    public void Write(TextWriter output)
    {
        output.WriteLine(Text($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img">"""));
        output.WriteLine($"<title>{plot.Title}</title><style>{Style}</style>");
        output.WriteLine(Text($"""<text class="title" x="{Left}" y="22">{plot.Title}</text>"""));
        output.WriteLine(Text($"""<text x="{(Left + Right) / 2}" y="{Height - 14}" text-anchor="middle">{plot.XAxis}</text>"""));
        output.WriteLine(Text($"""<text transform="translate(16 {(Top + Bottom) / 2}) rotate(-90)" text-anchor="middle">{plot.YAxis}</text>"""));
        WriteAxes(output);
        for (var index = 0; index < plot.Lines.Count; index++)
        {
            WriteLine(output, index);
        }

        output.WriteLine("</svg>");
    }

    private void WriteAxes(TextWriter output)
    {
        for (var decade = _lowest; decade <= _highest; decade++)
        {
            var (y, label) = (Y(Math.Pow(10, decade)), Math.Pow(10, decade).ToString("#,0.###", CultureInfo.InvariantCulture));
            output.WriteLine(Text($"""<line class="grid" x1="{Left}" y1="{y:F1}" x2="{Right}" y2="{y:F1}"/>"""));
            output.WriteLine(Text($"""<text x="{Left - 8}" y="{y + 4:F1}" text-anchor="end">{label}</text>"""));
        }

        foreach (var tick in _ticks)
        {
            output.WriteLine(Text($"""<line class="axis" x1="{X(tick):F1}" y1="{Bottom}" x2="{X(tick):F1}" y2="{Bottom + 5}"/>"""));
            output.WriteLine(Text($"""<text x="{X(tick):F1}" y="{Bottom + 20}" text-anchor="middle">{plot.ShowX(tick)}</text>"""));
        }

        output.WriteLine(Text($"""<line class="axis" x1="{Left}" y1="{Bottom}" x2="{Right}" y2="{Bottom}"/>"""));
    }

    private void WriteLine(TextWriter output, int index)
    {
        var ((name, points), colour, legend) = (plot.Lines[index], Colours[index % Colours.Length], Left + (index * 150));
        var path = string.Join(' ', points.Select(point => Text($"{X(point.X):F1},{Y(point.Y):F1}")));
        output.WriteLine(Text($"""<polyline class="line" stroke="{colour}" points="{path}"/>"""));
        foreach (var (x, y) in points)
        {
            output.WriteLine(Text($"""<circle cx="{X(x):F1}" cy="{Y(y):F1}" r="4" fill="{colour}"><title>{name}: {y:#,0.#}</title></circle>"""));
        }

        output.WriteLine(Text($"""<circle cx="{legend + 5}" cy="44" r="5" fill="{colour}"/><text x="{legend + 16}" y="48">{name}</text>"""));
    }

    // The outermost ticks stand a little away from the edges; a single one stands in the middle.
    private double X(double value) =>
        Left + 30 + ((Right - Left - 60) * (_ticks.Count > 1 ? Math.Log(value / _ticks[0]) / Math.Log(_ticks[^1] / _ticks[0]) : 0.5));

    private double Y(double value) => Bottom - ((Bottom - Top) * (Math.Log10(value) - _lowest) / (_highest - _lowest));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
