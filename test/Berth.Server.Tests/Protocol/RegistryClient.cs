using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.Server.Tests.Protocol;

/// <summary>The requests of the specification, each as one call.</summary>
internal static class RegistryClient
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static byte[] RandomBytes(int size) => RandomNumberGenerator.GetBytes(size);

    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient client, HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, Cancel);
    }

    public static Task<HttpResponseMessage> GetAsync(this HttpClient client, string path, params (string Name, string Value)[] headers) =>
        client.SendAsync(HttpMethod.Get, path, null, headers);

    public static Task<HttpResponseMessage> HeadAsync(this HttpClient client, string path) => client.SendAsync(HttpMethod.Head, path);

    public static Task<HttpResponseMessage> DeleteAsync(this HttpClient client, string path) => client.SendAsync(HttpMethod.Delete, path);

    /// <summary>Starts an upload and returns its location.</summary>
    public static async Task<string> StartUploadAsync(this HttpClient client, string repository, string query = "")
    {
        using var response = await client.SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/{query}");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    public static string With(this string location, string parameter) => location + (location.Contains('?') ? "&" : "?") + parameter;

    /// <summary>Pushes a blob (POST, PUT) and returns its digest.</summary>
    public static async Task<Digest> PushBlobAsync(this HttpClient client, string repository, byte[] content, DigestAlgorithm? algorithm = null)
    {
        var digest = Digest.Of(content, algorithm ?? DigestAlgorithm.Sha256);
        var location = await client.StartUploadAsync(repository);
        using var response = await client.SendAsync(HttpMethod.Put, location.With($"digest={digest}"), content);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return digest;
    }

    public static Task<HttpResponseMessage> PutManifestAsync(
        this HttpClient client, string repository, string reference, byte[] manifest, string? mediaType = MediaTypes.OciImageManifest) =>
        client.SendAsync(
            HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", manifest, mediaType is null ? [] : [("Content-Type", mediaType)]);

    /// <summary>Pushes an image of one random layer under a tag and returns its manifest and digest.</summary>
    public static async Task<(Digest Digest, byte[] Manifest)> PushImageAsync(
        this HttpClient client, string repository, string tag, Action<JsonObject>? change = null)
    {
        var config = Encoding.UTF8.GetBytes($$"""{"architecture":"amd64","os":"linux","created_by":"{{Guid.CreateVersion7()}}"}""");
        var layer = RandomBytes(512);
        await client.PushBlobAsync(repository, config);
        await client.PushBlobAsync(repository, layer);
        var document = ImageManifest(config, layer);
        change?.Invoke(document);
        var manifest = Encoding.UTF8.GetBytes(document.ToJsonString());
        using var response = await client.PutManifestAsync(repository, tag, manifest);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (Digest.Of(manifest, DigestAlgorithm.Sha256), manifest);
    }

    public static JsonObject ImageManifest(byte[] config, params byte[][] layers) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.OciImageManifest,
        ["config"] = DescriptorOf(config, "application/vnd.oci.image.config.v1+json"),
        ["layers"] = new JsonArray([.. layers.Select(layer => DescriptorOf(layer, "application/vnd.oci.image.layer.v1.tar"))]),
    };

    public static JsonObject Index(params JsonObject[] descriptors) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.OciImageIndex,
        ["manifests"] = new JsonArray([.. descriptors]),
    };

    public static JsonObject DescriptorOf(byte[] content, string mediaType, DigestAlgorithm? algorithm = null) => new()
    {
        ["mediaType"] = mediaType,
        ["digest"] = Digest.Of(content, algorithm ?? DigestAlgorithm.Sha256).Value,
        ["size"] = content.Length,
    };

    public static byte[] Bytes(this JsonNode document) => Encoding.UTF8.GetBytes(document.ToJsonString());

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>Asserts a refusal: its status, its code, and that it is in the specification's format.</summary>
    public static async Task AssertRefusedAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"expected {(int)status}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        var error = JsonNode.Parse(text)!["errors"]![0]!;
        Assert.Equal(code, (string?)error["code"]);
        Assert.False(string.IsNullOrEmpty((string?)error["message"]));
    }
}
