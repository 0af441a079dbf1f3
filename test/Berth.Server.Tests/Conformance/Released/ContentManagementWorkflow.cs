using static Berth.Server.Tests.Conformance.Released.ReleasedRun;

namespace Berth.Server.Tests.Conformance.Released;

/// <summary>Distribution specification, "Content Management".</summary>
internal sealed class ContentManagementWorkflow(ReleasedRun run)
{
    private ReleasedContent Content => run.Content;

    public async Task RunAsync()
    {
        await run.PushBlobAsync(Content.Configs[3]);
        await run.PushBlobAsync(Content.Layer);
        using var tagged = await run.PushManifestAsync(TestTag, Content.Images[3]);
        var before = await CountTagsAsync();

        await run.ExpectAsync("DELETE", ManifestUrl(TestTag), 202);
        await run.ExpectAsync("DELETE", ManifestUrl(Content.Images[3]), 202);
        await run.ExpectAsync("GET", ManifestUrl(Content.Images[3]), 404);
        Assert.True(await CountTagsAsync() < before);

        await run.ExpectAsync("DELETE", BlobUrl(Content.Configs[3]), 202);
        await run.ExpectAsync("DELETE", BlobUrl(Content.Layer), 202);
        await run.ExpectAsync("GET", BlobUrl(Content.Configs[3]), 404);
    }

    private async Task<int> CountTagsAsync()
    {
        using var listed = await run.Client.GetAsync($"/v2/{Repository}/tags/list");
        await listed.AssertStatusAsync(200);
        return (await listed.TagsAsync()).Count;
    }
}
