using Microsoft.AspNetCore.WebUtilities;

namespace Berth.Server.Tests.Conformance;

/// <summary>Sends what the conformance suite's programs send: Go's net/http, as it looks on the wire.</summary>
/// <param name="isChunked">
/// Frames bodies without a length, as Go does for a body whose size the program did not set. The suite does so for manifests, and in
/// some versions for everything.
/// </param>
internal sealed class ConformanceClient(HttpClient client, bool isChunked = false)
{
    public Task<HttpResponseMessage> GetAsync(string url, params (string Name, string Value)[] headers) =>
        SendAsync("GET", url, null, headers);

    public Task<HttpResponseMessage> HeadAsync(string url, params (string Name, string Value)[] headers) =>
        SendAsync("HEAD", url, null, headers);

    public Task<HttpResponseMessage> DeleteAsync(string url) => SendAsync("DELETE", url);

    /// <summary>A POST without a body; Go says <c>Content-Length: 0</c> then, and so does HttpClient.</summary>
    public Task<HttpResponseMessage> PostAsync(string url) => SendAsync("POST", url);

    /// <summary>Sends a body as the client frames bodies.</summary>
    public Task<HttpResponseMessage> SendAsync(
        string method, string url, byte[]? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, url, body, isChunked, headers);

    /// <summary>Sends a body without a length.</summary>
    public Task<HttpResponseMessage> SendChunkedAsync(
        string method, string url, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(method, url, body, chunked: true, headers);

    /// <summary>Starts an upload and returns its location.</summary>
    public async Task<string> StartUploadAsync(string repository)
    {
        using var started = await PostAsync($"/v2/{repository}/blobs/uploads/");
        await started.AssertStatusAsync(202);
        return started.Locate();
    }

    /// <summary>Sets parameters as Go's <c>url.Values</c> does: the query parsed, changed, sorted by name and escaped again.</summary>
    public static string Set(string url, params (string Name, string Value)[] parameters)
    {
        var (path, query) = url.IndexOf('?') is >= 0 and var mark ? (url[..mark], url[mark..]) : (url, "");
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in QueryHelpers.ParseQuery(query))
        {
            values[name] = value.ToString();
        }

        foreach (var (name, value) in parameters)
        {
            values[name] = value;
        }

        return $"{path}?{string.Join('&', values.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"))}";
    }

    private async Task<HttpResponseMessage> SendAsync(
        string method, string url, byte[]? body, bool chunked, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        request.Headers.TryAddWithoutValidation("User-Agent", "Go-http-client/1.1");
        if (method != "HEAD" && headers.All(header => header.Name != "Range"))
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Headers.TransferEncodingChunked = chunked ? true : null;
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, TestContext.Current.CancellationToken);
    }
}
