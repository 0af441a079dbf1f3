using System.Net;
using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

public sealed class SkopeoTests(SkopeoFixture fixture) : ClientTests<SkopeoFixture>(fixture)
{
    [Fact]
    public async Task An_image_comes_back_as_it_was_pushed()
    {
        var back = Workspace.Place("back-one");
        await CopyAsync($"oci:{Fixture.Layout}:one", Remote("round/trip:one"));
        await CopyAsync(Remote("round/trip:one"), $"oci:{back}:one");

        Assert.Equal(Fixture.ImageDigest, await Registry.Http.DigestAsync("round/trip", "one", Cancellation));
        Assert.Equal(Fixture.ImageDigest, await OciLayout.RootDigestAsync(back, Cancellation));
        Assert.Equal(3, (await OciLayout.CheckedBlobsAsync(back, Cancellation)).Length);
    }

    [Fact]
    public async Task An_index_of_two_platforms_comes_back_with_both()
    {
        var back = Workspace.Place("back-many");
        await CopyAsync("--all", $"oci:{Fixture.Layout}:many", Remote("platforms:many"));
        await CopyAsync("--all", Remote("platforms:many"), $"oci:{back}:many");

        Assert.Equal(Fixture.IndexDigest, await Registry.Http.DigestAsync("platforms", "many", Cancellation));
        Assert.Equal(Fixture.IndexDigest, await OciLayout.RootDigestAsync(back, Cancellation));
        Assert.Equal(await OciLayout.CheckedBlobsAsync(Fixture.Layout, Cancellation), await OciLayout.CheckedBlobsAsync(back, Cancellation));
    }

    [Fact]
    public async Task One_platform_of_an_index_can_be_copied()
    {
        await CopyAsync("--all", $"oci:{Fixture.Layout}:many", Remote("pick:many"));
        await CopyAsync("--override-arch=arm64", Remote("pick:many"), Remote("pick:arm64"));

        Assert.Contains("\"arm64\"", await InspectAsync("pick:arm64", "--config"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_docker_archive_can_be_pushed_and_pulled()
    {
        var (archive, back) = (Workspace.Place("image.tar"), Workspace.Place("back.tar"));
        await CopyAsync($"oci:{Fixture.Layout}:one", $"docker-archive:{archive}:image:1");
        await CopyAsync($"docker-archive:{archive}", Remote("archive:1"));
        await CopyAsync(Remote("archive:1"), $"docker-archive:{back}:image:1");

        var pushed = await Registry.Http.JsonAsync("archive/manifests/1", Cancellation);
        var before = JsonNode.Parse(await Fixture.Skopeo.RunAsync(["inspect", "--raw", $"docker-archive:{archive}"], Cancellation))!;
        var after = JsonNode.Parse(await Fixture.Skopeo.RunAsync(["inspect", "--raw", $"docker-archive:{back}"], Cancellation))!;
        Assert.Equal("application/vnd.docker.distribution.manifest.v2+json", pushed["mediaType"]!.GetValue<string>());
        Assert.Equal(before["config"]!["digest"]!.GetValue<string>(), pushed["config"]!["digest"]!.GetValue<string>());
        Assert.Equal(before.ToJsonString(), after.ToJsonString());
    }

    [Theory]
    [InlineData("v2s2", "application/vnd.docker.distribution.manifest.v2+json")]
    [InlineData("oci", "application/vnd.oci.image.manifest.v1+json")]
    public async Task An_image_is_kept_in_the_format_it_was_pushed_in(string format, string mediaType)
    {
        await CopyAsync($"--format={format}", $"oci:{Fixture.Layout}:one", Remote($"format:{format}"));
        await CopyAsync(Remote($"format:{format}"), $"dir:{Workspace.Place($"format-{format}")}");

        Assert.Equal(mediaType, JsonNode.Parse(await InspectAsync($"format:{format}", "--raw"))!["mediaType"]!.GetValue<string>());
    }

    [Fact]
    public async Task Layers_can_be_zstd()
    {
        var (source, archive) = (Workspace.Folder("plain"), Workspace.Place("plain.tar"));
        await using var content = new SparseRandomStream(1 << 20); // no layer that is there already, which would be taken as it is
        var layout = await OciLayout.CreateAsync(source, Cancellation);
        await layout.TagAsync("1", await layout.AddImageAsync("amd64", Cancellation, content), Cancellation);
        await CopyAsync($"oci:{source}:1", $"docker-archive:{archive}:image:1");
        await CopyAsync("--format=oci", "--dest-compress-format=zstd", $"docker-archive:{archive}", Remote("zstd:1"));
        await CopyAsync(Remote("zstd:1"), $"dir:{Workspace.Place("zstd")}");

        var manifest = await Registry.Http.JsonAsync("zstd/manifests/1", Cancellation);
        Assert.Equal("application/vnd.oci.image.layer.v1.tar+zstd", manifest["layers"]![1]!["mediaType"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_image_can_be_inspected_and_its_tags_be_listed()
    {
        foreach (var tag in new[] { "b", "a", "c" })
        {
            await CopyAsync($"oci:{Fixture.Layout}:one", Remote($"listed:{tag}"));
        }

        var image = JsonNode.Parse(await InspectAsync("listed:a"))!;
        var tags = JsonNode.Parse(await Fixture.Skopeo.RunAsync(["list-tags", "--tls-verify=false", Remote("listed")], Cancellation))!;
        Assert.Equal(Fixture.ImageDigest, image["Digest"]!.GetValue<string>());
        Assert.Equal("linux", image["Os"]!.GetValue<string>());
        Assert.Equal("""["a","b","c"]""", image["RepoTags"]!.ToJsonString());
        Assert.Equal("""["a","b","c"]""", tags["Tags"]!.ToJsonString());
    }

    [Fact]
    public async Task A_deleted_image_is_gone()
    {
        await CopyAsync($"oci:{Fixture.Layout}:one", Remote("deleted:1"));
        await Fixture.Skopeo.RunAsync(["delete", "--tls-verify=false", Remote("deleted:1")], Cancellation);

        var inspection = await Fixture.Skopeo.TryAsync(["inspect", "--tls-verify=false", Remote("deleted:1")], Cancellation);
        using var answer = await Registry.Http.GetAsync($"deleted/manifests/{Fixture.ImageDigest}", Cancellation);
        Assert.Contains("manifest unknown", inspection.Failed(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task An_image_can_be_copied_between_repositories()
    {
        await CopyAsync($"oci:{Fixture.Layout}:one", Remote("from/here:1"));
        await CopyAsync(Remote("from/here:1"), Remote("to/there:1"));

        Assert.Equal(Fixture.ImageDigest, await Registry.Http.DigestAsync("to/there", "1", Cancellation));
    }

    [Fact]
    public async Task A_repository_can_be_synchronised_with_another_registry()
    {
        await CopyAsync("--all", $"oci:{Fixture.Layout}:many", Remote("team/app:many"));
        await CopyAsync($"oci:{Fixture.Layout}:one", Remote("team/app:one"));
        await using var mirror = await RegistryProcess.StartAsync(Workspace, "mirror", Cancellation);

        string[] sync = ["sync", "--all", "--src=docker", "--dest=docker", "--src-tls-verify=false", "--dest-tls-verify=false"];
        await Fixture.Skopeo.RunAsync([.. sync, $"{Registry.Address}/team/app", $"{mirror.Address}/copies"], Cancellation);

        Assert.Equal(["many", "one"], await mirror.Http.TagsAsync("copies/app", Cancellation));
        Assert.Equal(Fixture.IndexDigest, await mirror.Http.DigestAsync("copies/app", "many", Cancellation));
        Assert.Equal(Fixture.ImageDigest, await mirror.Http.DigestAsync("copies/app", "one", Cancellation));
    }

    [Fact]
    public async Task A_layer_of_more_than_a_gibibyte_comes_back_as_it_was_pushed()
    {
        var (source, back) = (Workspace.Place("large"), Workspace.Place("back-large"));
        await using var content = new SparseRandomStream(Images.LargeSize);
        var layout = await OciLayout.CreateAsync(source, Cancellation);
        var digest = await layout.TagAsync("1", await layout.AddImageAsync("amd64", Cancellation, content), Cancellation);
        await CopyAsync($"oci:{source}:1", Remote("large:1"));
        await CopyAsync(Remote("large:1"), $"oci:{back}:1");

        Assert.Equal(digest, await Registry.Http.DigestAsync("large", "1", Cancellation));
        Assert.Equal(4, (await OciLayout.CheckedBlobsAsync(back, Cancellation)).Length);
    }

    private string Remote(string name) => $"docker://{Registry.Address}/{name}";

    private Task<string> CopyAsync(params string[] arguments) =>
        Fixture.Skopeo.RunAsync(["copy", "--src-tls-verify=false", "--dest-tls-verify=false", .. arguments], Cancellation);

    private Task<string> InspectAsync(string name, params string[] options) =>
        Fixture.Skopeo.RunAsync(["inspect", "--tls-verify=false", .. options, Remote(name)], Cancellation);
}
