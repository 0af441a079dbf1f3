using System.CommandLine;
using System.Globalization;
using Berth.Bench.Registry;

namespace Berth.Bench.Commands;

/// <summary><c>fill</c>: tags and repositories for the listings of any registry, over its API.</summary>
internal static class FillCommand
{
    public static Command Create()
    {
        var url = UrlOption.Create("The registry's address.");
        var tags = new Option<int>("--tags") { Description = "Tags in the repository bench/tags.", Required = true };
        var repositories = new Option<int>("--repositories") { Description = "Repositories bench/r0000000 and on.", Required = true };
        var command = new Command("fill", "Push tags and repositories for the listings.") { url, tags, repositories };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await Readiness.WaitAsync(parsed.GetRequiredValue(url), TimeProvider.System, cancellationToken);
            using var registry = await RegistryConnection.ConnectAsync(parsed.GetRequiredValue(url), cancellationToken);
            var image = new SampleImage(3_000_000, layers: 0, layerBytes: 0);
            await image.PushAsync(registry, "bench/tags", TagOf(0), cancellationToken);
            for (var number = 1; number < parsed.GetValue(tags); number++)
            {
                await registry.PutManifestAsync("bench/tags", TagOf(number), SampleImage.MediaType, image.Manifest, cancellationToken);
            }

            for (var number = 0; number < parsed.GetValue(repositories); number++)
            {
                await image.PushAsync(registry, string.Create(CultureInfo.InvariantCulture, $"bench/r{number:D7}"), TagOf(0), cancellationToken);
            }
        });
        return command;
    }

    private static string TagOf(int number) => string.Create(CultureInfo.InvariantCulture, $"t{number:D7}");
}
