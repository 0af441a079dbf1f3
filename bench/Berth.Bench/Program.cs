using System.CommandLine;
using Berth.Bench.Commands;

var root = new RootCommand("Drives a registry by URL and reports what its process spent.")
{
    RequestCommands.CreatePing(),
    RequestCommands.CreateManifestGet(),
    RequestCommands.CreateManifestHead(),
    RequestCommands.CreateBlobHead(),
    RequestCommands.CreateConstant(),
    ReferrersCommand.Create(),
    PageCommand.CreateTags(),
    PageCommand.CreateCatalog(),
    BlobCommands.CreateGet(),
    BlobCommands.CreatePush(),
    ImageCommands.CreatePush(),
    ImageCommands.CreatePull(),
    ImageCommands.CreateRetag(),
    MixedCommand.Create(),
    StartCommand.Create(),
    ServeConstantCommand.Create(),
    ServeBareCommand.Create(),
    FillCommand.Create(),
    SeedCommand.Create(),
    WriteBlobCommand.Create(),
    JudgeCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
