using System.CommandLine;
using Berth.Bench.Commands;

var root = new RootCommand("Drives a registry by URL and reports what its process spent.")
{
    PushCommand.CreateLarge(),
    PushCommand.CreateParallel(),
    PullCommand.Create(),
    ManifestGetCommand.Create(),
    ConstantCommand.Create(),
    ServeConstantCommand.Create(),
    ServeBareCommand.Create(),
    PageCommand.CreateTags(),
    PageCommand.CreateCatalog(),
    SeedCommand.Create(),
    JudgeCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
