using System.Net;
using System.Net.Sockets;

namespace Berth.Interop.Tests;

/// <summary>The registry under test, as its users run it: a process of its own with its own data folder, on a free port of the loopback interface.</summary>
public sealed class RegistryProcess : IAsyncDisposable
{
    private readonly Daemon _daemon;

    private RegistryProcess(Daemon daemon, int port)
    {
        _daemon = daemon;
        Address = $"127.0.0.1:{port}";
        Http = new RegistryClient(Address);
    }

    /// <summary>What clients type before the name of a repository.</summary>
    public string Address { get; }

    public RegistryClient Http { get; }

    public string Log => _daemon.Log;

    /// <summary>Starts a registry; it answers when this returns.</summary>
    public static async Task<RegistryProcess> StartAsync(Workspace workspace, string name, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["REGISTRY_HTTP_ADDR"] = $"127.0.0.1:{port}",
            ["REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"] = workspace.Folder(name),
        };
        var daemon = new Daemon("dotnet", [ServerAssembly(), "serve"], environment, workspace.Folder());
        var registry = new RegistryProcess(daemon, port);
        try
        {
            await daemon.WaitUntilAsync(registry.Http.AnswersAsync, cancellationToken);
            return registry;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        var code = await _daemon.StopAsync(CancellationToken.None);
        await _daemon.DisposeAsync();
        Assert.True(code == 0, $"the registry ended with {code}:\n{Log}");
    }

    /// <summary>The server that was built together with these tests: its output folder is a sibling of theirs.</summary>
    private static string ServerAssembly()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Berth.Server", own.Name, "Berth.Server.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
