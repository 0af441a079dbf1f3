using System.Diagnostics;

namespace Berth.Interop.Tests;

/// <summary>A folder for everything that one client and its registry write, gone when the tests of that client are over.</summary>
public sealed class Workspace : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("berth-interop-").FullName;

    /// <summary>The path of something in the workspace, whose folder exists afterwards.</summary>
    public string Place(params string[] names)
    {
        var path = Path.Combine([_root, .. names]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>The path of a folder in the workspace, which exists afterwards.</summary>
    public string Folder(params string[] names) => Directory.CreateDirectory(Place(names)).FullName;

    /// <remarks>By the system's own commands, because image stores leave mounts, devices and read-only folders behind.</remarks>
    public async ValueTask DisposeAsync()
    {
        var mounts = await File.ReadAllLinesAsync("/proc/self/mounts", CancellationToken.None);
        foreach (var mount in mounts.Select(line => line.Split(' ')[1]).Where(path => path.StartsWith($"{_root}/", StringComparison.Ordinal)).Reverse())
        {
            await RunAsync("umount", mount);
        }

        await RunAsync("rm", "-rf", "--one-file-system", _root);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
