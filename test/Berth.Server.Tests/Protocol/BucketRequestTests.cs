using System.Net;
using Berth.Testing;

namespace Berth.Server.Tests.Protocol;

/// <summary>What a registry asks its bucket for. The bucket may hold a million objects: no request may look for anything among them.</summary>
public sealed class BucketRequestTests
{
    /// <summary>Characters of a blob's key, which nothing else has.</summary>
    private const int KeyLength = 32;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_lists_more_of_a_bucket_than_what_belongs_to_one_upload()
    {
        var bucket = await TestStores.NewBucketAsync();
        await using var proxy = new FaultyProxy(new Uri(bucket.RegionEndpoint!));
        await using var registry = await RegistryFixture.StartAsync(options => options with
        {
            S3 = bucket with { RegionEndpoint = proxy.Address.ToString() },
            Registry = new RegistryOptions { IsRedirectEnabled = false },
        });
        proxy.ForgetRequests();
        var client = registry.Client;

        var (digest, _) = await client.PushImageAsync("app", "latest");
        var blob = await PushInChunksAsync(client, 6_000_000, 100_000);
        using var mounted = await client.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={blob}&from=app");
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        var abandoned = await client.StartUploadAsync("app");
        using var chunk = await client.SendAsync(HttpMethod.Patch, abandoned, new byte[1_000], ("Content-Range", "0-999"));
        using var cancelled = await client.DeleteAsync(chunk.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        foreach (var path in new[]
        {
            "/v2/", "/v2/_catalog?n=10", "/v2/app/tags/list?n=10", "/v2/app/manifests/latest", $"/v2/app/manifests/{digest}", $"/v2/app/referrers/{digest}",
            $"/v2/app/blobs/{blob}", $"/v2/other/blobs/{blob}",
        })
        {
            using var found = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }

        using var part = await client.GetAsync($"/v2/app/blobs/{blob}", ("Range", "bytes=10-19"));
        using var head = await client.HeadAsync($"/v2/app/blobs/{blob}");
        using var unknown = await client.HeadAsync($"/v2/app/blobs/sha256:{new string('0', 64)}");
        using var untagged = await client.DeleteAsync("/v2/app/manifests/latest");
        using var withoutManifest = await client.DeleteAsync($"/v2/app/manifests/{digest}");
        using var withoutBlob = await client.DeleteAsync($"/v2/other/blobs/{blob}");
        Assert.Equal(
            [HttpStatusCode.PartialContent, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted],
            new[] { part, head, unknown, untagged, withoutManifest, withoutBlob }.Select(answer => answer.StatusCode));

        var lists = proxy.Requests.Where(request => request.Method == "GET" && !IsOfOneObject(request)).Select(Prefix).ToList();
        Assert.NotEmpty(lists); // the tails of the upload in chunks
        Assert.All(lists, prefix => Assert.True(prefix.Split('/').Any(part => part.Length == KeyLength && part.All(char.IsAsciiHexDigitLower)), prefix));
    }

    /// <summary>The root of the bucket's options is a key, too, and no part of the prefix that counts.</summary>
    private static string Prefix(HttpMessage request)
    {
        var query = request.Target.Split('?', 2).ElementAtOrDefault(1) ?? "";
        var prefix = query.Split('&').FirstOrDefault(pair => pair.StartsWith("prefix=", StringComparison.Ordinal)) ?? "";
        return string.Join('/', Uri.UnescapeDataString(prefix).Split('/').Skip(1));
    }

    private static bool IsOfOneObject(HttpMessage request) => request.Target.Split('?')[0].Trim('/').Contains('/', StringComparison.Ordinal);

    private static async Task<Digest> PushInChunksAsync(HttpClient client, params int[] sizes)
    {
        var content = RegistryClient.RandomBytes(sizes.Sum());
        var location = await client.StartUploadAsync("app");
        var sent = 0;
        foreach (var size in sizes)
        {
            using var answer = await client.SendAsync(
                HttpMethod.Patch, location, content[sent..(sent + size)], ("Content-Range", $"{sent}-{sent + size - 1}"));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            location = answer.Headers.Location!.ToString();
            sent += size;
        }

        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        using var finished = await client.SendAsync(HttpMethod.Put, location.With($"digest={digest}"));
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
        return digest;
    }
}
