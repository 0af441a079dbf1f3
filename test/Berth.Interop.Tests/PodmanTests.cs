using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

public sealed class PodmanTests(PodmanFixture fixture) : ClientTests<PodmanFixture>(fixture)
{
    [Theory]
    [InlineData("oci", "application/vnd.oci.image.manifest.v1+json")]
    [InlineData("v2s2", "application/vnd.docker.distribution.manifest.v2+json")]
    public async Task A_built_image_runs_after_it_was_pushed_removed_and_pulled(string format, string mediaType)
    {
        var name = $"{Registry.Address}/built/{format}:1";
        await BuildAsync(name, format);
        await RunAsync("push", "--tls-verify=false", $"--format={format}", name);
        await RunAsync("rmi", name);
        await RunAsync("pull", "--tls-verify=false", name);

        Assert.Equal(Images.Greeting, (await StartAsync(name)).Trim());
        Assert.Equal(mediaType, (await Registry.Http.JsonAsync($"built/{format}/manifests/1", Cancellation))["mediaType"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_image_can_be_pulled_by_its_digest()
    {
        var name = $"{Registry.Address}/by/digest:1";
        await BuildAsync(name, "by-digest");
        await RunAsync("push", "--tls-verify=false", name);
        await RunAsync("rmi", name);
        var digest = await Registry.Http.DigestAsync("by/digest", "1", Cancellation);
        await RunAsync("pull", "--tls-verify=false", $"{Registry.Address}/by/digest@{digest}");

        Assert.Equal(Images.Greeting, (await StartAsync($"{Registry.Address}/by/digest@{digest}")).Trim());
    }

    [Fact]
    public async Task A_manifest_list_of_two_platforms_is_pushed_with_its_images()
    {
        var list = $"{Registry.Address}/list:many";
        await RunAsync("manifest", "create", list);
        foreach (var architecture in new[] { "amd64", "arm64" })
        {
            var name = $"{Registry.Address}/list:{architecture}";
            await BuildAsync(name, architecture, $"--platform=linux/{architecture}");
            await RunAsync("manifest", "add", list, $"containers-storage:{name}");
        }

        await RunAsync("manifest", "push", "--all", "--tls-verify=false", list, $"docker://{list}");

        var pushed = await Registry.Http.JsonAsync("list/manifests/many", Cancellation);
        var platforms = pushed["manifests"]!.AsArray().Select(child => child!["platform"]!["architecture"]!.GetValue<string>());
        Assert.Equal(["amd64", "arm64"], platforms.Order(StringComparer.Ordinal).ToArray());
        foreach (var child in pushed["manifests"]!.AsArray())
        {
            var digest = child!["digest"]!.GetValue<string>();
            Assert.Equal(digest, await Registry.Http.DigestAsync("list", digest, Cancellation));
        }
    }

    [Fact]
    public async Task Repositories_and_tags_can_be_searched()
    {
        var name = $"{Registry.Address}/search/me";
        await BuildAsync($"{name}:first", "search");
        await RunAsync("push", "--tls-verify=false", $"{name}:first");
        await RunAsync("push", "--tls-verify=false", $"{name}:first", $"{name}:second");

        var found = await RunAsync("search", "--tls-verify=false", $"{Registry.Address}/search");
        var tags = JsonNode.Parse(await RunAsync("search", "--tls-verify=false", "--list-tags", "--format=json", name))!;
        Assert.Contains(name, found, StringComparison.Ordinal);
        Assert.Equal("""["first","second"]""", tags[0]!["Tags"]!.ToJsonString());
    }

    /// <param name="name">What to call the image.</param>
    /// <param name="label">Makes it differ from the others.</param>
    /// <param name="options">More for podman.</param>
    private async Task BuildAsync(string name, string label, params string[] options)
    {
        var context = Workspace.Folder("context", label);
        File.Copy("/bin/busybox", Path.Combine(context, "busybox"), overwrite: true);
        await File.WriteAllTextAsync(
            Path.Combine(context, "Containerfile"),
            $"""
            FROM scratch
            COPY busybox /bin/busybox
            LABEL variant={label}
            CMD ["/bin/busybox", "echo", "{Images.Greeting}"]

            """,
            Cancellation);
        await RunAsync(["build", "--tag", name, .. options, context]);
    }

    /// <summary>Runs a container. The limits are ones that every machine allows.</summary>
    private Task<string> StartAsync(string name) =>
        RunAsync("run", "--rm", "--pull=never", "--network=none", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024", name);

    private Task<string> RunAsync(params string[] arguments) => Fixture.Podman.RunAsync(arguments, Cancellation);
}
