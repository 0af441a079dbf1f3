using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

/// <summary>With a key of our own and without the public transparency log, so that nothing outside is asked.</summary>
public sealed class CosignTests(CosignFixture fixture) : ClientTests<CosignFixture>(fixture)
{
    [Fact]
    public async Task A_signature_is_found_and_verified()
    {
        var image = await PushAsync("signed");
        await RunAsync("sign", "--yes", "--key=cosign.key", "--tlog-upload=false", "--allow-http-registry", image);

        var verified = JsonNode.Parse(await VerifyAsync("verify", image))!;
        Assert.Equal(image.Split('@')[1], verified[0]!["critical"]!["image"]!["docker-manifest-digest"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_signature_can_be_kept_as_a_referrer()
    {
        var image = await PushAsync("referring");
        await RunAsync(
            "sign", "--yes", "--key=cosign.key", "--tlog-upload=false", "--allow-http-registry", "--registry-referrers-mode=oci-1-1", image);

        var referrers = await Registry.Http.JsonAsync($"referring/referrers/{image.Split('@')[1]}", Cancellation);
        Assert.Single(referrers["manifests"]!.AsArray());
        Assert.Equal(["1"], await Registry.Http.TagsAsync("referring", Cancellation));
        await VerifyAsync("verify", "--experimental-oci11=true", image);
    }

    [Fact]
    public async Task An_attestation_is_found_and_verified()
    {
        var image = await PushAsync("attested");
        await File.WriteAllTextAsync(Workspace.Place("home", "predicate.json"), """{"tested":true}""", Cancellation);
        await RunAsync(
            "attest", "--yes", "--key=cosign.key", "--tlog-upload=false", "--allow-http-registry", "--type=custom", "--predicate=predicate.json", image);

        Assert.Contains("payload", await VerifyAsync("verify-attestation", "--type=custom", image), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_attached_is_listed_and_copied_with_the_image()
    {
        var image = await PushAsync("attached");
        await RunAsync("sign", "--yes", "--key=cosign.key", "--tlog-upload=false", "--allow-http-registry", image);
        await File.WriteAllTextAsync(Workspace.Place("home", "bill.json"), """{"spdxVersion":"SPDX-2.3"}""", Cancellation);
        await RunAsync("attach", "sbom", "--sbom=bill.json", "--allow-http-registry", image);
        await RunAsync("copy", "--allow-http-registry", image, $"{Registry.Address}/moved:1");

        var tree = await RunAsync("tree", "--allow-http-registry", image);
        var moved = $"{Registry.Address}/moved@{image.Split('@')[1]}";
        Assert.Contains("Signatures", tree, StringComparison.Ordinal);
        Assert.Contains("SBOMs", tree, StringComparison.Ordinal);
        await VerifyAsync("verify", moved);
    }

    [Fact]
    public async Task An_image_that_nobody_signed_is_not_verified()
    {
        var image = await PushAsync("unsigned");
        var result = await Fixture.Cosign.TryAsync(
            ["verify", "--key=cosign.pub", "--insecure-ignore-tlog=true", "--allow-http-registry", image], Cancellation);

        Assert.Contains("no signatures found", result.Failed(), StringComparison.Ordinal);
    }

    /// <returns>Its name with its digest, which is how one signs.</returns>
    private async Task<string> PushAsync(string repository)
    {
        await Fixture.Skopeo.RunAsync(
            ["copy", "--all", "--dest-tls-verify=false", $"oci:{Workspace.Place("layout")}:many", $"docker://{Registry.Address}/{repository}:1"], Cancellation);
        return $"{Registry.Address}/{repository}@{await Registry.Http.DigestAsync(repository, "1", Cancellation)}";
    }

    private Task<string> VerifyAsync(params string[] arguments) =>
        RunAsync([arguments[0], "--key=cosign.pub", "--insecure-ignore-tlog=true", "--allow-http-registry", .. arguments[1..]]);

    private Task<string> RunAsync(params string[] arguments) => Fixture.Cosign.RunAsync(arguments, Cancellation);
}
