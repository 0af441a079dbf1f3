using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

public sealed class ContainerdTests(ContainerdFixture fixture) : ClientTests<ContainerdFixture>(fixture)
{
    [Fact]
    public async Task An_image_runs_after_it_was_pushed_removed_and_pulled()
    {
        var name = $"{Registry.Address}/round/trip:1";
        var layout = await OciLayout.CreateAsync(Workspace.Folder("one"), Cancellation);
        var digest = await layout.TagAsync("one", await layout.AddImageAsync("amd64", Cancellation), Cancellation);
        await ImportAsync("one", name);
        await RunAsync("images", "push", "--plain-http", name);
        await RunAsync("images", "rm", "--sync", name);
        await RunAsync("images", "pull", "--plain-http", name);

        Assert.Equal(digest, await Registry.Http.DigestAsync("round/trip", "1", Cancellation));
        Assert.Equal(Images.Greeting, (await RunAsync("run", "--rm", name, "greeting")).Trim());
    }

    [Fact]
    public async Task An_index_is_pushed_and_pulled_with_all_platforms()
    {
        var name = $"{Registry.Address}/platforms:many";
        var layout = await OciLayout.CreateAsync(Workspace.Folder("many"), Cancellation);
        JsonObject[] images = [await layout.AddImageAsync("amd64", Cancellation), await layout.AddImageAsync("arm64", Cancellation)];
        var digest = await layout.TagAsync("many", await layout.AddIndexAsync(images, Cancellation), Cancellation);
        await ImportAsync("many", name);
        await RunAsync("images", "push", "--plain-http", name);
        await RunAsync("images", "rm", "--sync", name);
        await RunAsync("images", "pull", "--plain-http", "--all-platforms", name);

        var list = await RunAsync("images", "ls", $"name=={name}");
        Assert.Equal(digest, await Registry.Http.DigestAsync("platforms", "many", Cancellation));
        Assert.Contains(digest, list, StringComparison.Ordinal);
        Assert.Contains("linux/amd64,linux/arm64", list, StringComparison.Ordinal);
    }

    private async Task ImportAsync(string tag, string name)
    {
        var archive = Workspace.Place($"{tag}.tar");
        await Fixture.Skopeo.RunAsync(["copy", "--all", $"oci:{Workspace.Place(tag)}:{tag}", $"oci-archive:{archive}:{name}"], Cancellation);
        await RunAsync("images", "import", "--all-platforms", "--no-unpack", archive);
    }

    private Task<string> RunAsync(params string[] arguments) => Fixture.Ctr.RunAsync(arguments, Cancellation);
}
