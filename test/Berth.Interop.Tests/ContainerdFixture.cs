using Berth.Testing;

namespace Berth.Interop.Tests;

public sealed class ContainerdFixture() : ClientFixture(["containerd", "ctr", "runc", "skopeo", "busybox"], needsRoot: true)
{
    private Daemon? _daemon;
    private Tool? _ctr;
    private Tool? _skopeo;

    public Tool Ctr => _ctr ??= new Tool("ctr", Workspace, $"--address={Socket}");

    /// <summary>Packs the images that containerd imports.</summary>
    public Tool Skopeo => _skopeo ??= new Tool("skopeo", Workspace);

    private string Socket => Workspace.Place("containerd.sock");

    /// <summary>A containerd that shares nothing with another one.</summary>
    protected override async Task StartAsync(CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(
            Workspace.Place("config.toml"),
            $"""
            version = 2
            root = "{Workspace.Folder("root")}"
            state = "{Workspace.Folder("state")}"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
              address = "{Socket}"
            [ttrpc]
              address = "{Socket}.ttrpc"

            """,
            cancellationToken);
        _daemon = new Daemon(
            "containerd", [$"--config={Workspace.Place("config.toml")}"], new Dictionary<string, string>(StringComparer.Ordinal), Workspace.Folder("home"));
        await _daemon.WaitUntilAsync(async token => (await Ctr.TryAsync(["version"], token)).ExitCode == 0, cancellationToken);
    }

    protected override async Task StopAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }
}
