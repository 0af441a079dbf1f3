using Berth.Testing;

namespace Berth.Interop.Tests;

public sealed class DockerFixture() : ClientFixture(["docker", "dockerd", "containerd", "runc", "iptables", "busybox"], needsRoot: true)
{
    private Daemon? _daemon;
    private Tool? _docker;

    public Tool Docker => _docker ??= new Tool("docker", Workspace, $"--host={Socket}");

    private string Socket => $"unix://{Workspace.Place("docker.sock")}";

    /// <summary>A docker daemon that shares nothing with another one, and leaves the machine's network alone.</summary>
    protected override async Task StartAsync(CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            $"--data-root={Workspace.Folder("data")}", $"--exec-root={Workspace.Folder("exec")}", $"--pidfile={Workspace.Place("docker.pid")}",
            $"--host={Socket}", "--iptables=false", "--ip6tables=false", "--bridge=none",
        ];
        _daemon = new Daemon("dockerd", arguments, new Dictionary<string, string>(StringComparer.Ordinal), Workspace.Folder("home"));
        await _daemon.WaitUntilAsync(async token => (await Docker.TryAsync(["version"], token)).ExitCode == 0, cancellationToken);
    }

    protected override async Task StopAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }
}
