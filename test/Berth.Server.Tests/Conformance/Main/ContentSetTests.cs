using System.Text.Json.Nodes;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Main;

/// <summary>The suite's tests of whole contents: pushed, listed, pulled, found by their subjects, and deleted.</summary>
public abstract class ContentSetTests(ConformanceRegistry registry)
{
    private const string Repository = "conformance/repo1";

    private static readonly (string, string)[] Accept = [("Accept", MediaTypes.OciImageIndex), ("Accept", MediaTypes.OciImageManifest)];

    private readonly ConformanceClient _client = new(registry.Client);

    public static TheoryData<string> Names => [.. ContentSets.Default.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_content_set_lives_from_push_to_deletion(string name) => LiveAsync(ContentSets.Default[name]());

    private protected async Task LiveAsync(ContentSet set)
    {
        await PushAsync(set);
        if (!set.IsDigestWrong)
        {
            await ListAsync(set);
            await PullManifestsAsync(set);
        }

        await PullBlobsAsync(set);
        await ListReferrersAsync(set);
        await DeleteAsync(set);
    }

    private async Task PushAsync(ContentSet set)
    {
        foreach (var (digest, content) in set.Blobs)
        {
            await new BlobPush(_client, Repository, digest, content).PushAsync(BlobPushWay.PostPut);
        }

        foreach (var (digest, content) in set.Manifests)
        {
            var tags = set.HasTagParameters ? set.Tags.Where(tag => tag.Value == digest).Select(tag => tag.Key).ToArray() : [];
            var query = tags.Length == 0 ? "" : $"?{string.Join('&', tags.Select(tag => $"tag={tag}"))}";
            using var pushed = await PutManifestAsync($"{digest}{query}", content);
            if (set.IsDigestWrong)
            {
                await pushed.AssertStatusAsync(400);
                continue;
            }

            await CheckPushedAsync(pushed, digest, content);
            Assert.Superset(tags.ToHashSet(), (pushed.Header("OCI-Tag") ?? "").Split(',', StringSplitOptions.TrimEntries).ToHashSet());
        }

        foreach (var (tag, digest) in set.HasTagParameters ? [] : set.Tags)
        {
            var content = set.Manifests.First(manifest => manifest.Digest == digest).Content;
            using var pushed = await PutManifestAsync(tag, content);
            await CheckPushedAsync(pushed, digest, content);
        }
    }

    private Task<HttpResponseMessage> PutManifestAsync(string reference, byte[] content) =>
        _client.SendChunkedAsync("PUT", $"/v2/{Repository}/manifests/{reference}", content, ("Content-Type", MediaTypeOf(content)));

    private async Task CheckPushedAsync(HttpResponseMessage pushed, Digest digest, byte[] content)
    {
        await pushed.AssertStatusAsync(201);
        pushed.AssertDigest(digest);
        if (JsonNode.Parse(content)!["subject"] is { } subject)
        {
            pushed.AssertHeader("OCI-Subject", (string)subject["digest"]!);
        }

        using var pulled = await _client.GetAsync(pushed.Locate(), Accept);
        await CheckManifestAsync(pulled, digest, content);
        await pulled.AssertBodyAsync(content);
    }

    private async Task ListAsync(ContentSet set)
    {
        var tags = await TagsAsync("");
        Assert.Superset(set.Tags.Keys.ToHashSet(), tags.ToHashSet());
        if (tags.Count >= 2)
        {
            var sorted = tags.Order(StringComparer.Ordinal).ToArray();
            var rest = await TagsAsync($"?last={sorted[sorted.Length / 2 - 1]}");
            Assert.Equal(sorted[(sorted.Length / 2)..], rest);
        }
    }

    private async Task<IReadOnlyList<string>> TagsAsync(string query)
    {
        using var listed = await _client.GetAsync($"/v2/{Repository}/tags/list{query}");
        await listed.AssertStatusAsync(200);
        return await listed.TagsAsync();
    }

    private async Task PullManifestsAsync(ContentSet set)
    {
        var references = set.Tags.Select(tag => (tag.Key, tag.Value))
            .Concat(set.Manifests.Select(manifest => (manifest.Digest.Value, manifest.Digest)));
        foreach (var (reference, digest) in references)
        {
            var content = set.Manifests.First(manifest => manifest.Digest == digest).Content;
            using var head = await _client.HeadAsync($"/v2/{Repository}/manifests/{reference}", Accept);
            await CheckManifestAsync(head, digest, content);
            await head.AssertBodyAsync([]);

            using var pulled = await _client.GetAsync($"/v2/{Repository}/manifests/{reference}", Accept);
            await CheckManifestAsync(pulled, digest, content);
            await pulled.AssertBodyAsync(content);
        }
    }

    private static async Task CheckManifestAsync(HttpResponseMessage response, Digest digest, byte[] content)
    {
        await response.AssertStatusAsync(200);
        response.AssertHeader("Content-Type", MediaTypeOf(content));
        response.AssertLength(content.Length);
        response.AssertDigest(digest);
    }

    private async Task PullBlobsAsync(ContentSet set)
    {
        foreach (var (digest, content) in set.Blobs)
        {
            using var head = await _client.HeadAsync($"/v2/{Repository}/blobs/{digest}");
            await head.AssertStatusAsync(200);
            head.AssertLength(content.Length);
            head.AssertDigest(digest);

            using var pulled = await _client.GetAsync($"/v2/{Repository}/blobs/{digest}");
            await pulled.AssertStatusAsync(200);
            pulled.AssertLength(content.Length);
            pulled.AssertDigest(digest);
            await pulled.AssertBodyAsync(content);
        }
    }

    private async Task ListReferrersAsync(ContentSet set)
    {
        foreach (var group in set.Referrers.GroupBy(referrer => referrer.Subject, referrer => referrer.Descriptor))
        {
            var url = $"/v2/{Repository}/referrers/{group.Key}";
            using var listed = await _client.GetAsync(url);
            AssertContains(group, await listed.ReferrersAsync());

            foreach (var type in group.Select(referrer => (string)referrer["artifactType"]!).Distinct())
            {
                using var filtered = await _client.GetAsync(ConformanceClient.Set(url, ("artifactType", type)));
                var found = await filtered.ReferrersAsync();
                filtered.AssertHeader("OCI-Filters-Applied", "artifactType");
                AssertContains(group.Where(referrer => (string?)referrer["artifactType"] == type), found);
                Assert.All(found, descriptor => Assert.Equal(type, (string?)descriptor["artifactType"]));
            }
        }
    }

    private static void AssertContains(IEnumerable<JsonObject> expected, IReadOnlyList<JsonNode> found)
    {
        foreach (var referrer in expected)
        {
            var descriptor = Assert.Single(found, descriptor => (string?)descriptor["digest"] == (string?)referrer["digest"]);
            Assert.Equal((string?)referrer["mediaType"], (string?)descriptor["mediaType"]);
            Assert.Equal((string?)referrer["artifactType"], (string?)descriptor["artifactType"]);
            Assert.True(JsonNode.DeepEquals(referrer["size"], descriptor["size"]));
            Assert.True(JsonNode.DeepEquals(referrer["annotations"], descriptor["annotations"]));
        }
    }

    private async Task DeleteAsync(ContentSet set)
    {
        var isPushed = !set.IsDigestWrong;
        foreach (var tag in set.Tags.Keys)
        {
            await DeleteAsync($"/v2/{Repository}/manifests/{tag}", 202);
        }

        foreach (var (digest, _) in Enumerable.Reverse(set.Manifests))
        {
            await DeleteAsync($"/v2/{Repository}/manifests/{digest}", isPushed ? 202 : 404);
        }

        foreach (var digest in set.Blobs.Keys)
        {
            await DeleteAsync($"/v2/{Repository}/blobs/{digest}", 202);
        }
    }

    private async Task DeleteAsync(string url, int expected)
    {
        using var deleted = await _client.DeleteAsync(url);
        await deleted.AssertStatusAsync(expected);
        using var gone = await _client.HeadAsync(url, Accept);
        await gone.AssertStatusAsync(404);
    }

    private static string MediaTypeOf(byte[] manifest) => (string)JsonNode.Parse(manifest)!["mediaType"]!;
}
