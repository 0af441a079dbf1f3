using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Released;

/// <summary>One run of the released suite: whom it asks, what it pushes, and how it cleans up.</summary>
/// <param name="client">The client.</param>
/// <param name="deletesManifestsFirst">The order of deletions at the end of each workflow: <c>OCI_DELETE_MANIFEST_BEFORE_BLOBS</c>.</param>
internal sealed class ReleasedRun(ConformanceClient client, bool deletesManifestsFirst)
{
    public const string Repository = "conformance/namespace";
    public const string MountTarget = "conformance/crossmount";
    public const string TestTag = "tagtest0";

    /// <summary>A name that no tag can have.</summary>
    public const string NotATag = ".INVALID_MANIFEST_NAME";

    public static readonly (string, string) OctetStream = ("Content-Type", MediaTypes.OctetStream);

    public ConformanceClient Client => client;

    public ReleasedContent Content { get; } = new();

    public static string BlobUrl(string digest) => $"/v2/{Repository}/blobs/{digest}";

    public static string BlobUrl(byte[] content) => BlobUrl(ReleasedContent.Sha256(content));

    public static string ManifestUrl(string reference) => $"/v2/{Repository}/manifests/{reference}";

    public static string ManifestUrl(byte[] content) => ManifestUrl(ReleasedContent.Sha256(content));

    /// <summary>POST, then PUT.</summary>
    public async Task PushBlobAsync(byte[] content)
    {
        using var put = await PutBlobAsync(await client.StartUploadAsync(Repository), content);
        await put.AssertSuccessAsync();
    }

    public Task<HttpResponseMessage> PutBlobAsync(string location, byte[] content) =>
        client.SendAsync("PUT", WithDigest(location, content), content, OctetStream);

    public async Task<HttpResponseMessage> PushManifestAsync(
        string reference, byte[] content, string mediaType = MediaTypes.OciImageManifest)
    {
        var pushed = await client.SendAsync("PUT", ManifestUrl(reference), content, ("Content-Type", mediaType));
        await pushed.AssertSuccessAsync();
        return pushed;
    }

    /// <summary>Asks for something and looks only at the status.</summary>
    public async Task ExpectAsync(string method, string url, params int[] statuses)
    {
        using var response = await client.SendAsync(method, url, body: null, ("Accept", MediaTypes.OciImageManifest));
        await response.AssertStatusAsync(statuses);
    }

    /// <summary>Asks for something by HEAD or GET that must be there with its digest.</summary>
    public async Task ExpectDigestAsync(string method, string url, byte[] content)
    {
        using var response = await client.SendAsync(method, url, body: null, ("Accept", MediaTypes.OciImageManifest));
        await response.AssertStatusAsync(200);
        response.AssertHeader("Docker-Content-Digest", ReleasedContent.Sha256(content));
    }

    /// <summary>Cleans up in the order of this run. Blobs that a manifest still needs may be refused; that is 405.</summary>
    public async Task TearDownAsync(IEnumerable<string> manifestUrls, IEnumerable<string> blobUrls)
    {
        var (first, second) = deletesManifestsFirst ? (manifestUrls, blobUrls) : (blobUrls, manifestUrls);
        foreach (var url in first.Concat(second))
        {
            await ExpectAsync("DELETE", url, [.. Enumerable.Range(200, 100), 405]);
        }
    }

    public static string WithDigest(string location, byte[] content) =>
        location.With($"digest={Uri.EscapeDataString(ReleasedContent.Sha256(content))}");
}
