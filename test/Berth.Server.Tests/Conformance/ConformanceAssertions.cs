using System.Text.Json.Nodes;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance;

/// <summary>What the suite asks of an answer.</summary>
internal static class ConformanceAssertions
{
    /// <summary>The codes that the released suite knows.</summary>
    private static readonly string[] ErrorCodes =
    [
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
        "MANIFEST_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "TAG_INVALID", "UNAUTHORIZED", "DENIED",
        "UNSUPPORTED",
    ];

    public static async Task AssertStatusAsync(this HttpResponseMessage response, params int[] expected)
    {
        if (!expected.Contains((int)response.StatusCode))
        {
            var request = response.RequestMessage!;
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Fail(
                $"{request.Method} {request.RequestUri}: expected {string.Join(" or ", expected)}, got {(int)response.StatusCode} {body}");
        }
    }

    public static Task AssertSuccessAsync(this HttpResponseMessage response) => response.AssertStatusAsync([.. Enumerable.Range(200, 100)]);

    public static async Task AssertBodyAsync(this HttpResponseMessage response, byte[] expected) =>
        Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

    /// <summary>A header that is there exactly so; not, say, with a charset behind it.</summary>
    public static void AssertHeader(this HttpResponseMessage response, string name, string expected) =>
        Assert.Equal(expected, response.Header(name));

    public static void AssertLength(this HttpResponseMessage response, int expected) =>
        Assert.Equal(expected, response.Content.Headers.ContentLength);

    public static void AssertDigest(this HttpResponseMessage response, Digest expected) =>
        response.AssertHeader("Docker-Content-Digest", expected.Value);

    /// <summary>The location, as the server wrote it.</summary>
    public static string Locate(this HttpResponseMessage response)
    {
        var location = response.Header("Location");
        Assert.False(string.IsNullOrEmpty(location), "the answer has no Location");
        return location;
    }

    /// <summary>An error document whose codes the suite knows.</summary>
    public static async Task AssertErrorsAsync(this HttpResponseMessage response)
    {
        var errors = (await response.JsonAsync())["errors"]!.AsArray();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Contains((string?)error!["code"], ErrorCodes));
    }

    /// <summary>The tags of a listing.</summary>
    public static async Task<IReadOnlyList<string>> TagsAsync(this HttpResponseMessage response) =>
        [.. (await response.JsonAsync())["tags"]!.AsArray().Select(tag => (string)tag!)];

    /// <summary>The descriptors of a referrers answer, which must be an image index in every respect.</summary>
    public static async Task<IReadOnlyList<JsonNode>> ReferrersAsync(this HttpResponseMessage response)
    {
        await response.AssertStatusAsync(200);
        response.AssertHeader("Content-Type", MediaTypes.OciImageIndex);
        var index = await response.JsonAsync();
        Assert.Equal(2, (int?)index["schemaVersion"]);
        Assert.Equal(MediaTypes.OciImageIndex, (string?)index["mediaType"]);
        return [.. index["manifests"]!.AsArray().Select(descriptor => descriptor!)];
    }
}
