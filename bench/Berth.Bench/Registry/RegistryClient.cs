using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Berth.Bench.Load;

namespace Berth.Bench.Registry;

/// <summary>The requests of a container client, over HttpClient. Any answer but the expected one is an exception.</summary>
internal sealed class RegistryClient(Uri url, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = url,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Waits until the registry, which may just have been started, answers.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await _http.GetAsync("/v2/", cancellationToken);
                return;
            }
            catch (HttpRequestException) when (time.GetElapsedTime(start) < StartLimit)
            {
                await Task.Delay(StartPoll, time, cancellationToken);
            }
        }
    }

    public async Task<bool> HasBlobAsync(string repository, Digest digest, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/v2/{repository}/blobs/{digest}");
        using var answer = await _http.SendAsync(request, cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <param name="chunkBytes">Null: the content goes with a Content-Length. Else in chunked transfer encoding, in chunks of this size.</param>
    public async Task PushBlobAsync(string repository, BlobSource source, int? chunkBytes, CancellationToken cancellationToken)
    {
        using var begun = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/", null, HttpStatusCode.Accepted, cancellationToken);
        using var content = new BlobContent(source, chunkBytes);
        using var sent = await SendAsync(HttpMethod.Patch, Location(begun), content, HttpStatusCode.Accepted, cancellationToken);

        var location = Location(sent);
        var separator = location.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var closing = $"{location}{separator}digest={Uri.EscapeDataString(content.Digest.Value)}";
        using var done = await SendAsync(HttpMethod.Put, closing, null, HttpStatusCode.Created, cancellationToken);
    }

    public async Task PushManifestAsync(
        string repository, string reference, string mediaType, ReadOnlyMemory<byte> manifest, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        var path = $"/v2/{repository}/manifests/{reference}";
        using var done = await SendAsync(HttpMethod.Put, path, content, HttpStatusCode.Created, cancellationToken);
    }

    /// <summary>Reads a blob to its end and compares its size and digest.</summary>
    public async Task PullBlobAsync(string repository, PushedBlob blob, byte[] buffer, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            HttpMethod.Get, $"/v2/{repository}/blobs/{blob.Digest}", null, HttpStatusCode.OK, cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, count));
            size += count;
        }

        var digest = Digest.FromHash(DigestAlgorithm.Sha256, hash.GetCurrentHash());
        if (size != blob.Size || digest != blob.Digest)
        {
            throw new WrongAnswerException($"a blob of {size} bytes with the digest {digest} for {blob}");
        }
    }

    /// <summary>Gets one page of a listing, of tags or of repositories.</summary>
    public async Task<Page> GetPageAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        using var json = JsonDocument.Parse(body);
        var names = json.RootElement.EnumerateObject().Single(member => member.Value.ValueKind == JsonValueKind.Array).Value;
        return new Page([.. names.EnumerateArray().Select(name => name.GetString()!)], NextPage(answer), body.Length);
    }

    public void Dispose() => _http.Dispose();

    private static string Location(HttpResponseMessage answer) =>
        answer.Headers.Location?.OriginalString ?? throw new WrongAnswerException("no Location");

    // RFC 8288, in the one form that registries send: </path?query>; rel="next"
    private static string? NextPage(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Link", out var links) && links.First() is var link
            ? link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)]
            : null;

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode == expected)
        {
            return answer;
        }

        using (answer)
        {
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new WrongAnswerException($"{method} {path}: {(int)answer.StatusCode} {body}");
        }
    }
}
