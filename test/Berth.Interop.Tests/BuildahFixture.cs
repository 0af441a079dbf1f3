namespace Berth.Interop.Tests;

public sealed class BuildahFixture() : ClientFixture(["buildah", "busybox"], needsRoot: true)
{
    private Tool? _buildah;

    public Tool Buildah => _buildah ??= CreateTool(Workspace);

    /// <summary>Buildah with a store of its own.</summary>
    public static Tool CreateTool(Workspace workspace) =>
        new("buildah", workspace, $"--root={workspace.Folder("root")}", $"--runroot={workspace.Folder("run")}");

    /// <summary>Makes an image from nothing, with a static busybox.</summary>
    public static async Task CommitAsync(Tool buildah, string name, CancellationToken cancellationToken)
    {
        var container = (await buildah.RunAsync(["from", "scratch"], cancellationToken)).Trim();
        await buildah.RunAsync(["copy", container, "/bin/busybox", "/bin/busybox"], cancellationToken);
        await buildah.RunAsync(["config", "--cmd", $"""["/bin/busybox","echo","{Images.Greeting}"]""", "--label", $"name={name}", container], cancellationToken);
        await buildah.RunAsync(["commit", "--rm", container, name], cancellationToken);
    }
}
