using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Berth.Benchmarks;

// Without an argument: times everything, at length. "budgets": only as often as it takes to count bytes, and fails when a budget is exceeded.
if (args is not ["budgets"])
{
    BenchmarkSwitcher.FromAssembly(typeof(BudgetAttribute).Assembly).Run(args);
    return 0;
}

var config = ManualConfig.CreateEmpty()
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddLogger(NullLogger.Instance)
    .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(2).WithInvocationCount(2048).WithUnrollFactor(16))
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "berth-benchmarks"))
    .WithOptions(ConfigOptions.DisableLogFile);
var reports = BenchmarkRunner.Run(typeof(BudgetAttribute).Assembly, config).SelectMany(summary => summary.Reports).ToList();
var exceeded = 0;
foreach (var report in reports)
{
    var method = report.BenchmarkCase.Descriptor.WorkloadMethod;
    var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? long.MaxValue;
    var budget = method.GetCustomAttribute<BudgetAttribute>()!.Bytes;
    exceeded += bytes > budget ? 1 : 0;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{method.Name.Replace('_', ' '),-32}{bytes,8} bytes of {budget,6}{(bytes > budget ? "  EXCEEDED" : "")}"));
}

Console.WriteLine($"{reports.Count - exceeded} budgets kept, {exceeded} exceeded");
return reports.Count == 0 || exceeded > 0 ? 1 : 0;
