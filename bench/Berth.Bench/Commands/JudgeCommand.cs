using System.CommandLine;
using Berth.Bench.Reporting;

namespace Berth.Bench.Commands;

/// <summary><c>judge</c>: compares measurements with the numbers that Berth has to reach.</summary>
internal static class JudgeCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "Measurements, as --json wrote them." };
        var command = new Command("judge", "Print the figures with their limits; fail when one is out of its limit.") { file };
        command.SetAction(parsed =>
        {
            var measurements = MeasurementFile.Read(parsed.GetRequiredValue(file));
            var figures = Figures.Of(measurements);
            FigureTable.Write(Console.Out, figures);
            return figures.Count > 0 && figures.All(figure => figure.IsMet) ? 0 : 1;
        });
        return command;
    }
}
