using Berth.Tests.Probe;

return args switch
{
    ["commit", var folder] => await Commands.CommitAsync(folder),
    ["hold", var folder] => Commands.Hold(folder),
    ["flush", var file] => Commands.Flush(file),
    _ => 64, // EX_USAGE
};
