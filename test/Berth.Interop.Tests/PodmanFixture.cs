namespace Berth.Interop.Tests;

public sealed class PodmanFixture() : ClientFixture(["podman", "runc", "busybox"], needsRoot: true)
{
    private Tool? _podman;

    /// <summary>Podman with a store of its own, and with what lets it run containers where the system has no service manager.</summary>
    public Tool Podman => _podman ??= new Tool(
        "podman", Workspace,
        $"--root={Workspace.Folder("root")}", $"--runroot={Workspace.Folder("run")}", $"--tmpdir={Workspace.Folder("podman")}",
        "--cgroup-manager=cgroupfs", "--runtime=runc", "--events-backend=none");
}
