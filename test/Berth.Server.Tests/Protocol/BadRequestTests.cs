using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Server.Tests.Protocol;

/// <summary>What no honest client sends, on the bare socket where HttpClient would not send it either.</summary>
public sealed class BadRequestTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [InlineData("/v2/a/../_catalog")]
    [InlineData("/v2/a/%2e%2e/_catalog")]
    [InlineData("/v2/a/.%2e/_catalog")]
    [InlineData("/v2/./a/tags/list")]
    [InlineData("/v2//a/tags/list")]
    [InlineData("//v2/_catalog")]
    [InlineData("/v2/a%2fb/tags/list")]
    [InlineData("/v2/a%5cb/tags/list")]
    [InlineData("/v2/a\\b/tags/list")]
    [InlineData("/v2/a%00/tags/list")]
    [InlineData("/v2/a;x=1/tags/list")]
    [InlineData("/v2/%61/tags/list")]
    [InlineData("/v2/%252e%252e/tags/list")]
    [InlineData("/%76%32/_catalog")]
    [InlineData("http://x//v2/_catalog")]
    public async Task A_path_that_can_be_read_in_two_ways_is_refused(string target)
    {
        var answer = await SendRawAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.True(answer.Contains("NAME_INVALID", StringComparison.Ordinal) || answer.Contains("Content-Length: 0", StringComparison.Ordinal), answer);
    }

    [Theory]
    [InlineData("/", 200, "")]
    [InlineData("/v2", 200, "{}")]
    [InlineData("/v2/", 200, "{}")]
    [InlineData("http://x/v2/", 200, "{}")]
    [InlineData("/v3/", 404, "UNSUPPORTED")]
    [InlineData("/v2/x", 404, "UNSUPPORTED")]
    [InlineData("/v2/_catalog/", 404, "UNSUPPORTED")]
    [InlineData("/v2/a/tags", 404, "UNSUPPORTED")]
    [InlineData("/v2/a/unknown/b", 404, "UNSUPPORTED")]
    [InlineData("/V2/_catalog", 404, "UNSUPPORTED")]
    [InlineData("/v2/UPPER/tags/list", 400, "NAME_INVALID")]
    [InlineData("/v2/a..b/tags/list", 400, "NAME_INVALID")]
    [InlineData("/v2/-a/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/host:5000/a/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/_uploads/manifests/latest", 400, "NAME_INVALID")]
    [InlineData("/v2/a/manifests/.dot", 404, "MANIFEST_UNKNOWN")]
    [InlineData("/v2/a/manifests/", 404, "MANIFEST_UNKNOWN")]
    [InlineData("/v2/a/blobs/latest", 400, "DIGEST_INVALID")]
    [InlineData("/v2/a/blobs/sha256:abc", 400, "DIGEST_INVALID")]
    [InlineData("/v2/a/blobs/uploads", 405, "UNSUPPORTED")]
    [InlineData("/v2/a/blobs/uploads/", 405, "UNSUPPORTED")]
    [InlineData("/v2/blobs/uploads/manifests/x", 404, "MANIFEST_UNKNOWN")]
    public async Task Every_path_gets_its_answer(string target, int status, string content)
    {
        var answer = await SendRawAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains(content, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/v2/", "GET, HEAD")]
    [InlineData("POST", "/v2/a/manifests/x", "DELETE, GET, HEAD, PUT")]
    [InlineData("PATCH", "/v2/a/blobs/sha256:abc", "DELETE, GET, HEAD")]
    [InlineData("BREW", "/v2/_catalog", "GET, HEAD")]
    [InlineData("get", "/v2/_catalog", "GET, HEAD")]
    [InlineData("PUT", "/v2/a/referrers/x", "GET, HEAD")]
    [InlineData("TRACE", "/v2/a/blobs/uploads/x", "DELETE, GET, HEAD, PATCH, PUT")]
    public async Task Another_method_is_405_and_says_which_are_allowed(string method, string target, string allowed)
    {
        var answer = await SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
        Assert.Contains($"Allow: {allowed}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("UNSUPPORTED", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_too_long_is_414_and_headers_too_large_are_431_with_a_readable_error()
    {
        var target = await SendRawAsync($"GET /v2/_catalog?last={new string('a', 9000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var header = await SendRawAsync($"GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Large: {new string('a', 40_000)}\r\nConnection: close\r\n\r\n");
        var many = string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n"));
        var headers = await SendRawAsync($"GET /v2/ HTTP/1.1\r\nHost: x\r\n{many}Connection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414 ", target, StringComparison.Ordinal);
        Assert.Contains("\"errors\"", target, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", header, StringComparison.Ordinal);
        Assert.Contains("\"errors\"", header, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", headers, StringComparison.Ordinal);
        Assert.Contains("\"errors\"", headers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transfer-Encoding: gzip, chunked", "415")]
    [InlineData("Content-Encoding: gzip\r\nContent-Length: 0", "415")]
    [InlineData("Transfer-Encoding: xchunked", "4")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2", "400")]
    [InlineData("Content-Length: -1", "400")]
    [InlineData("Host: two\r\nContent-Length: 0", "400")]
    [InlineData(" folded: x\r\nContent-Length: 0", "400")]
    public async Task Framing_tricks_are_refused(string headers, string status)
    {
        var answer = await SendRawAsync($"PUT /v2/a/manifests/x HTTP/1.1\r\nHost: x\r\n{headers}\r\nConnection: close\r\n\r\n0\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    [Trait("Needs", "folder")]
    public async Task A_client_that_leaves_in_the_middle_of_a_chunk_can_go_on_from_there()
    {
        var content = RegistryClient.RandomBytes(100_000);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        var location = await _registry.Client.StartUploadAsync("app");
        using (var socket = await ConnectAsync())
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"PATCH {location} HTTP/1.1\r\nHost: x\r\nContent-Length: {content.Length}\r\n\r\n"));
            await socket.SendAsync(content.AsMemory(0, 60_000));
            await UntilAsync(() => Task.FromResult(StagedBytes() == 60_000)); // what Kestrel has not handed over is lost with the connection
        }

        await UntilAsync(async () => (await StatusAsync(location)).Range == "0-59999");
        var (_, next) = await StatusAsync(location);
        using var finished = await _registry.Client.SendAsync(HttpMethod.Put, next.With($"digest={digest}"), content[60_000..]);

        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    private long StagedBytes() => new DirectoryInfo(Path.Combine(_registry.DataFolder, "staging")).EnumerateFiles().Sum(file => file.Length);

    private async Task<(string? Range, string Location)> StatusAsync(string location)
    {
        using var response = await _registry.Client.GetAsync(location);
        return (response.Header("Range"), response.Headers.Location!.ToString());
    }

    /// <summary>Asks until it is so; the test's own time limit ends it.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _registry.Port, TestContext.Current.CancellationToken);
        return socket;
    }
}
