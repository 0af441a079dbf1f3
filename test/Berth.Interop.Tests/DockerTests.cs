namespace Berth.Interop.Tests;

public sealed class DockerTests(DockerFixture fixture) : ClientTests<DockerFixture>(fixture)
{
    [Fact]
    public async Task An_image_runs_after_it_was_pushed_removed_and_pulled()
    {
        var name = await ImportAsync("round/trip:1");
        var pushed = await RunAsync("push", name);
        await RunAsync("rmi", name);
        await RunAsync("pull", name);

        Assert.Contains(await Registry.Http.DigestAsync("round/trip", "1", Cancellation), pushed, StringComparison.Ordinal);
        Assert.Equal(Images.Greeting, (await StartAsync(name)).Trim());
    }

    [Fact]
    public async Task A_second_repository_gets_the_layers_without_another_upload()
    {
        var (first, second) = (await ImportAsync("mount/from:1"), $"{Registry.Address}/mount/to:1");
        await RunAsync("push", first);
        await RunAsync("tag", first, second);
        var pushed = await RunAsync("push", second);

        Assert.Contains("Mounted from mount/from", pushed, StringComparison.Ordinal);
        Assert.Equal(
            await Registry.Http.DigestAsync("mount/from", "1", Cancellation), await Registry.Http.DigestAsync("mount/to", "1", Cancellation));
    }

    [Fact]
    public async Task An_image_pushed_again_finds_its_layers_there()
    {
        var name = await ImportAsync("twice:1");
        await RunAsync("push", name);
        var pushed = await RunAsync("push", name);

        Assert.Contains("Layer already exists", pushed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_tags_of_a_repository_can_be_pulled()
    {
        var name = await ImportAsync("tags:first");
        await RunAsync("tag", name, $"{Registry.Address}/tags:second");
        await RunAsync("push", "--all-tags", $"{Registry.Address}/tags");
        await RunAsync("rmi", name, $"{Registry.Address}/tags:second");
        await RunAsync("pull", "--all-tags", $"{Registry.Address}/tags");

        var images = await RunAsync("images", "--format={{.Tag}}", $"{Registry.Address}/tags");
        Assert.Equal(["first", "second"], images.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public async Task A_manifest_list_can_be_made_of_pushed_images()
    {
        var (one, other, list) = (await ImportAsync("list:amd64"), await ImportAsync("list:arm64"), $"{Registry.Address}/list:many");
        await RunAsync("push", one);
        await RunAsync("push", other);
        await RunAsync("manifest", "create", "--insecure", list, one, other);
        await RunAsync("manifest", "annotate", "--os=linux", "--arch=arm64", list, other);
        await RunAsync("manifest", "push", "--insecure", list);

        var pushed = await Registry.Http.JsonAsync("list/manifests/many", Cancellation);
        Assert.Equal("application/vnd.docker.distribution.manifest.list.v2+json", pushed["mediaType"]!.GetValue<string>());
        Assert.Equal(
            ["amd64", "arm64"],
            pushed["manifests"]!.AsArray().Select(child => child!["platform"]!["architecture"]!.GetValue<string>()).Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public async Task A_missing_image_is_reported_as_missing()
    {
        var refusal = (await Fixture.Docker.TryAsync(["pull", $"{Registry.Address}/no/such:image"], Cancellation)).Failed();

        Assert.Contains("manifest unknown", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_of_more_than_a_gibibyte_comes_back()
    {
        await using var content = new SparseRandomStream(Images.LargeSize);
        var name = await ImportAsync("large:1", "large", content);
        var before = await RunAsync("inspect", "--format={{.Id}} {{.RootFS.Layers}}", name);
        await RunAsync("push", name);
        await RunAsync("rmi", name);
        await RunAsync("pull", name);

        Assert.Equal(before, await RunAsync("inspect", "--format={{.Id}} {{.RootFS.Layers}}", name));
    }

    private async Task<string> ImportAsync(string name)
    {
        await using var busybox = File.OpenRead("/bin/busybox");
        return await ImportAsync(name, "bin/busybox", busybox);
    }

    /// <summary>Makes an image of one layer, which differs from that of every other name.</summary>
    private async Task<string> ImportAsync(string name, string path, Stream content)
    {
        var tar = Workspace.Place("import", name, "layer.tar");
        await Images.WriteTarAsync(tar, [(path, content), ("name", new MemoryStream([.. name.Select(letter => (byte)letter)]))], Cancellation);
        await RunAsync("import", $"--change=CMD [\"/bin/busybox\", \"echo\", \"{Images.Greeting}\"]", tar, $"{Registry.Address}/{name}");
        File.Delete(tar);
        return $"{Registry.Address}/{name}";
    }

    private Task<string> StartAsync(string name) => RunAsync("run", "--rm", "--pull=never", "--network=none", name);

    private Task<string> RunAsync(params string[] arguments) => Fixture.Docker.RunAsync(arguments, Cancellation);
}
