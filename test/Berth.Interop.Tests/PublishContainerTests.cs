using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

public sealed class PublishContainerTests(PublishContainerFixture fixture) : ClientTests<PublishContainerFixture>(fixture)
{
    [Fact]
    public async Task The_dotnet_SDK_pushes_a_program_on_top_of_a_base_image_that_is_here()
    {
        var buildah = BuildahFixture.CreateTool(Workspace);
        await BuildahFixture.CommitAsync(buildah, "base", Cancellation);
        await buildah.RunAsync(["push", "--tls-verify=false", "base", $"docker://{Registry.Address}/base:1"], Cancellation);
        await WriteProgramAsync();

        var dotnet = new Tool("dotnet", Workspace)
        {
            Folder = Workspace.Folder("app"),
            Environment = { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = Registry.Address },
        };
        string[] publish = ["publish", "--disable-build-servers", "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-t:PublishContainer"];
        string[] image = [$"-p:ContainerRegistry={Registry.Address}", "-p:ContainerRepository=sdk/app", "-p:ContainerImageTag=1"];
        await dotnet.RunAsync([.. publish, $"-p:ContainerBaseImage={Registry.Address}/base:1", .. image], Cancellation);

        var basis = await Registry.Http.JsonAsync("base/manifests/1", Cancellation);
        var pushed = await Registry.Http.JsonAsync("sdk/app/manifests/1", Cancellation);
        Assert.Equal(2, pushed["layers"]!.AsArray().Count);
        Assert.Equal(LayerDigest(basis), LayerDigest(pushed));
    }

    private static string LayerDigest(JsonObject manifest) => manifest["layers"]![0]!["digest"]!.GetValue<string>();

    /// <summary>A program that needs no package, so that nothing is asked of the network.</summary>
    private async Task WriteProgramAsync()
    {
        await File.WriteAllTextAsync(
            Workspace.Place("app", "app.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>

            """,
            Cancellation);
        await File.WriteAllTextAsync(Workspace.Place("app", "Program.cs"), "return 0;", Cancellation);
    }
}
