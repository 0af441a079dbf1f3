using System.Globalization;

namespace Berth.Bench.Reporting;

/// <summary>A run's figures, plots and measurements as Markdown and SVG.</summary>
/// <param name="peers">The versions of what Berth was compared with.</param>
internal sealed class Report(Results results, string peers, TimeProvider time)
{
    private const string Begin = "<!-- figures -->";
    private const string End = "<!-- /figures -->";

    public IReadOnlyList<Figure> Figures { get; } = new Figures(results).All();

    /// <summary>Writes <c>results.md</c> and the plots into a folder.</summary>
    public void WriteTo(DirectoryInfo folder)
    {
        WritePlots(folder);
        using var output = File.CreateText(Path.Combine(folder.FullName, "results.md"));
        WriteFigures(output);
        output.WriteLine();
        MeasurementTable.Write(output, results.Typical());
    }

    /// <summary>Replaces what stands between the two markers of a page, and the plots in the folder that has the page's name.</summary>
    public void Publish(FileInfo page)
    {
        var folder = page.Directory!.CreateSubdirectory(Path.GetFileNameWithoutExtension(page.Name));
        WritePlots(folder);

        using var output = new StringWriter();
        output.WriteLine(Begin);
        output.WriteLine();
        WriteFigures(output);
        foreach (var plot in new Plots(results).All())
        {
            output.WriteLine();
            output.WriteLine($"![{plot.Title}]({folder.Name}/{plot.Name}.svg)");
        }

        output.WriteLine();
        var lines = File.ReadAllLines(page.FullName);
        var (begin, end) = (Array.IndexOf(lines, Begin), Array.IndexOf(lines, End));
        File.WriteAllLines(page.FullName, [.. lines[..begin], .. output.ToString().TrimEnd('\n').Split('\n'), "", .. lines[end..]]);
    }

    public void WriteFigures(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():d MMMM yyyy}: {Machine.Describe()}; {peers}."));
        output.WriteLine();
        FigureTable.Write(output, Figures);
    }

    private void WritePlots(DirectoryInfo folder)
    {
        foreach (var plot in new Plots(results).All())
        {
            using var output = File.CreateText(Path.Combine(folder.FullName, $"{plot.Name}.svg"));
            new SvgPlot(plot).Write(output);
        }
    }
}
