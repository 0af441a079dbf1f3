using System.Globalization;
using Berth.Migration;
using Spectre.Console;

namespace Berth.Server.Commands;

/// <summary>Shows how far a migration has come: bars on a terminal, a line every few seconds elsewhere.</summary>
internal sealed class MigrationDisplay(TextWriter output, bool isTerminal, TimeProvider time)
{
    private static readonly TimeSpan BetweenBars = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    private static readonly (MigrationPhase Phase, string Name, Func<MigrationProgress, (long Done, long Total)> Measure)[] Bars =
    [
        (MigrationPhase.Blobs, "Blobs", progress => (progress.Bytes, progress.TotalBytes)),
        (MigrationPhase.Repositories, "Repositories", progress => (progress.Repositories, progress.TotalRepositories)),
        (MigrationPhase.Comparing, "Compared", progress => (progress.Compared, progress.TotalRepositories)),
    ];

    /// <summary>Runs it, and shows its progress meanwhile.</summary>
    public async Task<MigrationResult> ShowAsync(MigrationRun run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = StartAsync(run, stop.Token);
        try
        {
            await (isTerminal ? ShowBarsAsync(work, run.Progress) : ShowLinesAsync(work, run.Progress));
            return await work;
        }
        catch
        {
            await stop.CancelAsync(); // its stores are closed next
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Says what it came to.</summary>
    public async Task WriteAsync(MigrationResult result, CancellationToken cancellationToken)
    {
        foreach (var problem in result.Problems)
        {
            await output.WriteLineAsync($"{problem.Subject}: {problem.Message}".AsMemory(), cancellationToken);
        }

        await output.WriteLineAsync(Conclude(result).AsMemory(), cancellationToken);
    }

    private static async Task<MigrationResult> StartAsync(MigrationRun run, CancellationToken cancellationToken)
    {
        await Task.Yield(); // an embedded database answers on its caller's thread, and something is to be seen from the beginning
        return await run.RunAsync(cancellationToken);
    }

    private static string Conclude(MigrationResult result)
    {
        if (result.IsIdentical)
        {
            return "Source and target are identical.";
        }

        var (blobs, links, manifests, tags) = result.Differences;
        var differences = string.Create(
            CultureInfo.InvariantCulture, $"Not identical: {blobs} blobs, {links} links to blobs, {manifests} manifests and {tags} tags differ.");
        return result.Problems.Count == 0
            ? $"{differences} The source was changed meanwhile: run this again."
            : $"{differences} What stands above must be repaired in the source, or deleted from it: run this again then.";
    }

    private async Task ShowLinesAsync(Task work, MigrationProgress progress)
    {
        var last = "";
        do
        {
            await Task.WhenAny(work, Task.Delay(BetweenLines, time));
            var line = Describe(progress.Phase, progress);
            if (line != last && !work.IsFaulted)
            {
                await output.WriteLineAsync(line);
                last = line;
            }
        }
        while (!work.IsCompleted);
    }

    private async Task ShowBarsAsync(Task work, MigrationProgress progress)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var bars = console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
        await bars.StartAsync(async context =>
        {
            var tasks = Bars.Select(bar => context.AddTask(bar.Name, autoStart: false)).ToArray();
            while (!work.IsCompleted)
            {
                await Task.WhenAny(work, Task.Delay(BetweenBars, time));
                foreach (var (task, (phase, _, measure)) in tasks.Zip(Bars))
                {
                    Update(task, phase, measure(progress), progress);
                }
            }
        });
    }

    private static void Update(ProgressTask task, MigrationPhase phase, (long Done, long Total) measure, MigrationProgress progress)
    {
        if (progress.Phase < phase)
        {
            return;
        }

        if (!task.IsStarted)
        {
            task.StartTask();
        }

        task.Description = Describe(phase, progress);
        task.MaxValue = Math.Max(1, measure.Total);
        task.Value = progress.Phase > phase ? task.MaxValue : measure.Done;
    }

    private static string Describe(MigrationPhase phase, MigrationProgress progress) => phase switch
    {
        MigrationPhase.Planning => "Looking for what is to be moved",
        MigrationPhase.Blobs => string.Create(
            CultureInfo.InvariantCulture,
            $"Blobs: {progress.Blobs} of {progress.TotalBlobs}, {Megabytes(progress.Bytes):N1} of {Megabytes(progress.TotalBytes):N1} MB"),
        MigrationPhase.Repositories => string.Create(
            CultureInfo.InvariantCulture, $"Repositories: {progress.Repositories} of {progress.TotalRepositories}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"Compared: {progress.Compared} of {progress.TotalRepositories} repositories"),
    };

    private static double Megabytes(long bytes) => bytes / 1e6;
}
