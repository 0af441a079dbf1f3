using static Berth.Server.Tests.Conformance.Released.ReleasedRun;

namespace Berth.Server.Tests.Conformance.Released;

/// <summary>Distribution specification, "Pull".</summary>
internal sealed class PullWorkflow(ReleasedRun run)
{
    private ReleasedContent Content => run.Content;

    public async Task RunAsync()
    {
        await SetUpAsync();
        await PullBlobsAsync();
        await PullManifestsAsync();
        await ReadErrorsAsync();
        await run.TearDownAsync(
            [ManifestUrl(Content.Images[0]), ManifestUrl(Content.Images[1])],
            [BlobUrl(Content.Configs[0]), BlobUrl(Content.Configs[1]), BlobUrl(Content.Layer)]);
    }

    private async Task SetUpAsync()
    {
        await run.PushBlobAsync(Content.Configs[0]);
        await run.PushBlobAsync(Content.Configs[1]);
        await run.PushBlobAsync(Content.Layer);
        using var tagged = await run.PushManifestAsync(TestTag, Content.Images[0]);
        using var untagged = await run.PushManifestAsync(ReleasedContent.Sha256(Content.Images[1]), Content.Images[1]);
    }

    private async Task PullBlobsAsync()
    {
        await run.ExpectAsync("HEAD", BlobUrl(ReleasedContent.Nowhere), 404);
        await run.ExpectDigestAsync("HEAD", BlobUrl(Content.Configs[0]), Content.Configs[0]);
        await run.ExpectAsync("GET", BlobUrl(ReleasedContent.Nowhere), 404);
        await run.ExpectAsync("GET", BlobUrl(Content.Configs[0]), 200);
    }

    private async Task PullManifestsAsync()
    {
        foreach (var method in new[] { "HEAD", "GET" })
        {
            await run.ExpectAsync(method, ManifestUrl(NotATag), 404);
            await run.ExpectDigestAsync(method, ManifestUrl(Content.Images[0]), Content.Images[0]);
            await run.ExpectDigestAsync(method, ManifestUrl(Content.Images[1]), Content.Images[1]);
            await run.ExpectDigestAsync(method, ManifestUrl(TestTag), Content.Images[0]);
        }
    }

    private async Task ReadErrorsAsync()
    {
        using var response = await run.Client.SendAsync(
            "GET", ManifestUrl("sha256:totallywrong"), "blablabla"u8.ToArray(), ("Content-Type", MediaTypes.OciImageManifest));
        await response.AssertStatusAsync(400, 404);
        await response.AssertErrorsAsync();

        using var put = await run.Client.SendAsync(
            "PUT", ManifestUrl("sha256:totallywrong"), "blablabla"u8.ToArray(), ("Content-Type", MediaTypes.OciImageManifest));
        await put.AssertStatusAsync(400, 404);
        await put.AssertErrorsAsync();
    }
}
