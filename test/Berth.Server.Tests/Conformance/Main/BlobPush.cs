using System.Globalization;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Main;

/// <summary>Pushes a blob in each of the ways there are, and looks at it under the location it was given.</summary>
/// <param name="isDigestWrong">The bytes do not match the digest: the push must end with 400.</param>
internal sealed class BlobPush(ConformanceClient client, string repository, Digest digest, byte[] content, bool isDigestWrong = false)
{
    /// <summary>The smallest chunk that the suite cuts, in bytes.</summary>
    public const int ChunkSize = 1024;

    private static readonly (string, string) OctetStream = ("Content-Type", MediaTypes.OctetStream);

    private string Start => $"/v2/{repository}/blobs/uploads/";

    public Task PushAsync(BlobPushWay way) => way switch
    {
        BlobPushWay.PostOnly => PostOnlyAsync(),
        BlobPushWay.PostPut => PostPutAsync(),
        BlobPushWay.Stream => StreamAsync(),
        BlobPushWay.Chunked => ChunkedAsync(putsLast: false, isOutOfOrder: false),
        BlobPushWay.ChunkedWithPut => ChunkedAsync(putsLast: true, isOutOfOrder: false),
        BlobPushWay.OutOfOrder => ChunkedAsync(putsLast: false, isOutOfOrder: true),
        _ => ChunkedAsync(putsLast: true, isOutOfOrder: true),
    };

    /// <summary>Mounts the blob. The answer is 201, or 202 and an upload of its own.</summary>
    /// <returns>Whether it was mounted.</returns>
    public async Task<bool> MountAsync(string? source)
    {
        var url = source is null
            ? ConformanceClient.Set(Start, ("mount", digest.Value))
            : ConformanceClient.Set(Start, ("from", source), ("mount", digest.Value));
        using var mounted = await client.PostAsync(url);
        await mounted.AssertStatusAsync(201, 202);
        if ((int)mounted.StatusCode == 201)
        {
            await CheckCreatedAsync(mounted);
            return true;
        }

        using var put = await client.SendAsync("PUT", Close(mounted.Locate()), content, OctetStream);
        await CheckClosedAsync(put);
        return false;
    }

    /// <summary>Starts an upload and ends it.</summary>
    public async Task CancelAsync()
    {
        using var cancelled = await client.DeleteAsync(await client.StartUploadAsync(repository));
        await cancelled.AssertStatusAsync(204);
    }

    private async Task PostOnlyAsync()
    {
        using var pushed = await client.SendAsync("POST", ConformanceClient.Set(Start, ("digest", digest.Value)), content, OctetStream);
        await CheckClosedAsync(pushed);
    }

    private async Task PostPutAsync()
    {
        var location = await client.StartUploadAsync(repository);
        using var put = await client.SendAsync("PUT", Close(location), content, OctetStream);
        await CheckClosedAsync(put);
    }

    private async Task StreamAsync()
    {
        var location = await client.StartUploadAsync(repository);
        using var patched = await client.SendChunkedAsync("PATCH", location, content, OctetStream);
        await patched.AssertStatusAsync(202);
        using var put = await client.SendAsync("PUT", Close(patched.Locate()), body: null, OctetStream);
        await CheckClosedAsync(put);
    }

    private async Task ChunkedAsync(bool putsLast, bool isOutOfOrder)
    {
        var location = await client.StartUploadAsync(repository);
        var size = Math.Max(content.Length / 3 + 1, ChunkSize);
        for (var offset = 0; offset < content.Length; offset += size)
        {
            if (isOutOfOrder && size < content.Length) // a single chunk has no other place
            {
                location = await MisplaceAsync(location, offset, size, putsLast);
            }

            var end = Math.Min(offset + size, content.Length);
            if (putsLast && end == content.Length)
            {
                using var last = await SendChunkAsync("PUT", Close(location), offset, end);
                await CheckClosedAsync(last);
                return;
            }

            using var patched = await SendChunkAsync("PATCH", location, offset, end);
            await patched.AssertStatusAsync(202);
            patched.AssertHeader("Range", $"0-{end - 1}");
            location = patched.Locate();
        }

        using var put = await client.SendAsync("PUT", Close(location), body: null, OctetStream);
        await CheckClosedAsync(put);
    }

    /// <summary>Sends a chunk that belongs further on, or at the start again; then asks where the upload stands.</summary>
    private async Task<string> MisplaceAsync(string location, int offset, int size, bool putsLast)
    {
        var start = offset + size < content.Length ? offset + size : 0;
        var end = Math.Min(start + size, content.Length);
        var (method, url) = putsLast && end == content.Length ? ("PUT", Close(location)) : ("PATCH", location);

        using var refused = await SendChunkAsync(method, url, start, end);
        await refused.AssertStatusAsync(416);

        using var status = await client.GetAsync(url);
        await status.AssertStatusAsync(204);
        var range = status.Header("Range");
        Assert.StartsWith("0-", range, StringComparison.Ordinal);
        var last = int.Parse(range.AsSpan(2), CultureInfo.InvariantCulture);
        Assert.Equal(Math.Max(0, offset - 1), last);
        return status.Locate();
    }

    private Task<HttpResponseMessage> SendChunkAsync(string method, string url, int start, int end) =>
        client.SendAsync(method, url, content[start..end], OctetStream, ("Content-Range", $"{start}-{end - 1}"));

    private string Close(string location) => ConformanceClient.Set(location, ("digest", digest.Value));

    private async Task CheckClosedAsync(HttpResponseMessage response)
    {
        await response.AssertStatusAsync(isDigestWrong ? 400 : 201);
        if (!isDigestWrong)
        {
            await CheckCreatedAsync(response);
        }
    }

    private async Task CheckCreatedAsync(HttpResponseMessage response)
    {
        response.AssertDigest(digest);
        using var pulled = await client.GetAsync(response.Locate());
        await pulled.AssertStatusAsync(200);
        await pulled.AssertBodyAsync(content);
    }
}
