using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

public sealed class CosignFixture() : ClientFixture(["cosign", "skopeo", "busybox"])
{
    private Tool? _cosign;
    private Tool? _skopeo;

    /// <summary>Works in its home, where the keys are; the experiment is keeping signatures as referrers.</summary>
    public Tool Cosign => _cosign ??= new Tool("cosign", Workspace) { Environment = { ["COSIGN_PASSWORD"] = "", ["COSIGN_EXPERIMENTAL"] = "1" } };

    /// <summary>Pushes what is signed.</summary>
    public Tool Skopeo => _skopeo ??= new Tool("skopeo", Workspace);

    protected override async Task StartAsync(CancellationToken cancellationToken)
    {
        var layout = await OciLayout.CreateAsync(Workspace.Folder("layout"), cancellationToken);
        JsonObject[] images = [await layout.AddImageAsync("amd64", cancellationToken), await layout.AddImageAsync("arm64", cancellationToken)];
        await layout.TagAsync("many", await layout.AddIndexAsync(images, cancellationToken), cancellationToken);
        await Cosign.RunAsync(["generate-key-pair"], cancellationToken);
    }
}
