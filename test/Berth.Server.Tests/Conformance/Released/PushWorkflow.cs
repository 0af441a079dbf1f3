using static Berth.Server.Tests.Conformance.Released.ReleasedRun;

namespace Berth.Server.Tests.Conformance.Released;

/// <summary>Distribution specification, "Push".</summary>
internal sealed class PushWorkflow(ReleasedRun run)
{
    private const int FirstChunk = 22;

    private ReleasedContent Content => run.Content;

    public async Task RunAsync()
    {
        await StreamAsync();
        await PushMonolithicallyAsync();
        await PushInChunksAsync();
        await MountAsync();
        await PushManifestsAsync();
        await run.TearDownAsync(
            [ManifestUrl(Content.Images[1]), ManifestUrl(Content.ImageWithoutLayers)],
            [BlobUrl(Content.Configs[1]), BlobUrl(Content.Layer)]);
    }

    private async Task StreamAsync()
    {
        var location = await run.Client.StartUploadAsync(Repository);
        using var patched = await run.Client.SendAsync("PATCH", location, Content.BlobA, OctetStream);
        await patched.AssertStatusAsync(202);

        // The suite says a length here that Go does not send, since there is no body.
        using var put = await run.Client.SendAsync("PUT", WithDigest(patched.Locate(), Content.BlobA), body: null, OctetStream);
        await put.AssertStatusAsync(201);
        put.Locate();
    }

    private async Task PushMonolithicallyAsync()
    {
        await run.ExpectAsync("GET", BlobUrl(ReleasedContent.Nowhere), 404);

        var config = Content.Configs[1];
        using var posted = await run.Client.SendAsync("POST", WithDigest($"/v2/{Repository}/blobs/uploads/", config), config, OctetStream);
        await posted.AssertStatusAsync(201);
        posted.Locate();
        await run.ExpectAsync("GET", BlobUrl(config), 200);

        foreach (var content in new[] { config, Content.Layer })
        {
            using var put = await run.PutBlobAsync(await run.Client.StartUploadAsync(Repository), content);
            await put.AssertStatusAsync(201);
            put.Locate();
            await run.ExpectAsync("GET", BlobUrl(content), 200);
        }
    }

    private async Task PushInChunksAsync()
    {
        var start = await run.Client.StartUploadAsync(Repository);
        using var outOfOrder = await SendSecondChunkAsync(start);
        await outOfOrder.AssertStatusAsync(416);

        start = await run.Client.StartUploadAsync(Repository);
        using var first = await SendFirstChunkAsync(start);
        await first.AssertStatusAsync(202);
        first.AssertHeader("Range", $"0-{FirstChunk - 1}");

        using var again = await SendFirstChunkAsync(start);
        await again.AssertStatusAsync(416);

        using var status = await run.Client.GetAsync(start);
        await status.AssertStatusAsync(204);
        status.AssertHeader("Range", $"0-{FirstChunk - 1}");

        using var second = await SendSecondChunkAsync(status.Locate());
        await second.AssertStatusAsync(202);
        second.AssertHeader("Range", $"0-{Content.BlobB.Length - 1}");

        using var put = await run.Client.SendAsync("PUT", WithDigest(second.Locate(), Content.BlobB), body: null, OctetStream);
        await put.AssertStatusAsync(201);
        put.Locate();
    }

    private Task<HttpResponseMessage> SendFirstChunkAsync(string location) =>
        run.Client.SendAsync("PATCH", location, Content.BlobB[..FirstChunk], OctetStream, ("Content-Range", $"0-{FirstChunk - 1}"));

    private Task<HttpResponseMessage> SendSecondChunkAsync(string location) => run.Client.SendAsync(
        "PATCH", location, Content.BlobB[FirstChunk..], OctetStream, ("Content-Range", $"{FirstChunk}-{Content.BlobB.Length - 1}"));

    private async Task MountAsync()
    {
        var digest = ReleasedContent.Sha256(Content.BlobA);
        const string Start = $"/v2/{MountTarget}/blobs/uploads/";

        using var unknown = await run.Client.PostAsync(ConformanceClient.Set(Start, ("mount", ReleasedContent.Nowhere)));
        await unknown.AssertStatusAsync(202);
        Assert.StartsWith(Start, unknown.Locate(), StringComparison.Ordinal);

        using var mounted = await run.Client.PostAsync(ConformanceClient.Set(Start, ("mount", digest), ("from", Repository)));
        await mounted.AssertStatusAsync(201);
        mounted.AssertHeader("Location", $"/v2/{MountTarget}/blobs/{digest}");
        await run.ExpectAsync("GET", mounted.Locate(), 200);

        using var anonymous = await run.Client.PostAsync(ConformanceClient.Set(Start, ("mount", digest)));
        await anonymous.AssertStatusAsync(201);
    }

    private async Task PushManifestsAsync()
    {
        await run.ExpectAsync("GET", ManifestUrl(NotATag), 404);
        foreach (var tag in new[] { "test0", "test1", "test2", "test3" })
        {
            using var pushed = await run.PushManifestAsync(tag, Content.Images[1]);
            await pushed.AssertStatusAsync(201);
            pushed.Locate();
        }

        using var withoutLayers = await run.PushManifestAsync("emptylayer", Content.ImageWithoutLayers);
        await withoutLayers.AssertStatusAsync(201);
        withoutLayers.Locate();
        await run.ExpectAsync("GET", ManifestUrl(Content.Images[1]), 200);
    }
}
