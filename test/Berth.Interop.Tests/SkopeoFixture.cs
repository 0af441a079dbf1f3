using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

public sealed class SkopeoFixture() : ClientFixture(["skopeo"])
{
    private Tool? _skopeo;

    public Tool Skopeo => _skopeo ??= new Tool("skopeo", Workspace);

    /// <summary>A layout with an image tagged <c>one</c> and an index of two platforms tagged <c>many</c>.</summary>
    public string Layout => Workspace.Place("layout");

    public string ImageDigest { get; private set; } = "";

    public string IndexDigest { get; private set; } = "";

    protected override async Task StartAsync(CancellationToken cancellationToken)
    {
        var layout = await OciLayout.CreateAsync(Layout, cancellationToken);
        var amd64 = await layout.AddImageAsync("amd64", cancellationToken);
        var arm64 = await layout.AddImageAsync("arm64", cancellationToken);
        var index = await layout.AddIndexAsync([(JsonObject)amd64.DeepClone(), arm64], cancellationToken);
        ImageDigest = await layout.TagAsync("one", amd64, cancellationToken);
        IndexDigest = await layout.TagAsync("many", index, cancellationToken);
    }
}
