using System.CommandLine;
using Berth.Bench.Reporting;

namespace Berth.Bench.Commands;

/// <summary><c>judge</c>: compares measurements with the numbers that Berth has to reach.</summary>
internal static class JudgeCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "Measurements, as --json wrote them." };
        var folder = new Option<DirectoryInfo>("--folder") { Description = "Where results.md and the plots go.", Required = true };
        var page = new Option<FileInfo?>("--publish") { Description = "A page with two markers, between which the figures and plots go as well." };
        var peers = new Option<string>("--peers") { Description = "The versions of what Berth was compared with.", DefaultValueFactory = _ => "no peers" };
        var command = new Command("judge", "Print the figures with their targets; fail when one is not met.") { file, folder, page, peers };
        command.SetAction(parsed =>
        {
            var results = new Results(MeasurementFile.Read(parsed.GetRequiredValue(file)));
            var report = new Report(results, parsed.GetRequiredValue(peers), TimeProvider.System);
            report.WriteFigures(Console.Out);
            report.WriteTo(parsed.GetRequiredValue(folder));
            if (parsed.GetValue(page) is { } published)
            {
                report.Publish(published);
            }

            return report.Figures.Any(figure => figure.IsMissed) ? 1 : 0;
        });
        return command;
    }
}
