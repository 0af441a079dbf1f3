using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

/// <summary>Asks a registry directly, to see what a client left there, or to push what no client at hand can.</summary>
public sealed class RegistryClient(string address) : IDisposable
{
    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    ];

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://{address}/v2/") };

    public static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    public async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(string.Join(',', ManifestTypes));
        return await _http.SendAsync(request, cancellationToken);
    }

    public async Task<JsonObject> JsonAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync(path, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        return (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!;
    }

    /// <summary>The digest of the manifest that a tag points at, computed from its bytes.</summary>
    public async Task<string> DigestAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync($"{repository}/manifests/{reference}", cancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var digest = DigestOf(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        Assert.Equal(digest, Assert.Single(answer.Headers.GetValues("Docker-Content-Digest")));
        return digest;
    }

    public async Task<string[]> TagsAsync(string repository, CancellationToken cancellationToken) =>
        [.. (await JsonAsync($"{repository}/tags/list", cancellationToken))["tags"]!.AsArray().Select(tag => tag!.GetValue<string>())];

    public async Task<string> PushBlobAsync(string repository, byte[] content, CancellationToken cancellationToken)
    {
        using var session = await _http.PostAsync($"{repository}/blobs/uploads/", null, cancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, session.StatusCode);
        var location = new Uri(session.RequestMessage!.RequestUri!, session.Headers.Location!).AbsoluteUri;

        using var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        var query = $"{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={DigestOf(content)}";
        using var answer = await _http.PutAsync(location + query, body, cancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return DigestOf(content);
    }

    public async Task<HttpResponseMessage> PushManifestAsync(
        string repository, string reference, JsonObject manifest, CancellationToken cancellationToken)
    {
        var type = manifest["mediaType"]!.GetValue<string>();
        using var body = new StringContent(manifest.ToJsonString()) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return await _http.PutAsync($"{repository}/manifests/{reference}", body, cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
