namespace Berth.Interop.Tests;

public sealed class BuildahTests(BuildahFixture fixture) : ClientTests<BuildahFixture>(fixture)
{
    [Theory]
    [InlineData("oci", "application/vnd.oci.image.manifest.v1+json")]
    [InlineData("docker", "application/vnd.docker.distribution.manifest.v2+json")]
    public async Task An_image_is_pushed_and_pulled_in_either_format(string format, string mediaType)
    {
        var remote = $"{Registry.Address}/built:{format}";
        await BuildahFixture.CommitAsync(Fixture.Buildah, format, Cancellation);
        await RunAsync("push", "--tls-verify=false", $"--format={format}", format, $"docker://{remote}");
        await RunAsync("rmi", format);
        await RunAsync("pull", "--tls-verify=false", remote);

        var manifest = await Registry.Http.JsonAsync($"built/manifests/{format}", Cancellation);
        var image = await RunAsync("images", "--no-trunc", "--format={{.ID}}", remote);
        Assert.Equal(mediaType, manifest["mediaType"]!.GetValue<string>());
        Assert.Equal(manifest["config"]!["digest"]!.GetValue<string>(), image.Trim());
    }

    [Fact]
    public async Task An_image_can_be_built_upon()
    {
        var (basis, above) = ($"{Registry.Address}/basis:1", $"{Registry.Address}/above:1");
        await BuildahFixture.CommitAsync(Fixture.Buildah, "basis", Cancellation);
        await RunAsync("push", "--tls-verify=false", "basis", $"docker://{basis}");
        await RunAsync("rmi", "basis");

        var container = (await RunAsync("from", "--pull-always", "--tls-verify=false", basis)).Trim();
        await RunAsync("copy", container, "/etc/os-release", "/etc/os-release");
        await RunAsync("commit", "--rm", container, above);
        await RunAsync("push", "--tls-verify=false", above);

        var (below, pushed) = (await LayersAsync("basis"), await LayersAsync("above"));
        Assert.Equal(2, pushed.Length);
        Assert.Equal(below[0], pushed[0]);
    }

    private async Task<string[]> LayersAsync(string repository)
    {
        var manifest = await Registry.Http.JsonAsync($"{repository}/manifests/1", Cancellation);
        return [.. manifest["layers"]!.AsArray().Select(layer => layer!["digest"]!.GetValue<string>())];
    }

    private Task<string> RunAsync(params string[] arguments) => Fixture.Buildah.RunAsync(arguments, Cancellation);
}
