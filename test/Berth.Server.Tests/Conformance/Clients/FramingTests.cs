using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Clients;

/// <summary>How clients frame what they send: with a length and without, announced first, in one burst, or as HTTP/1.0.</summary>
public sealed class FramingTests(ConformanceRegistry registry) : IClassFixture<ConformanceRegistry>
{
    private const string Repository = "team/app";
    private const string Unknown = $"/v2/{Repository}/blobs/uploads/AAAAAAAAAAAAAAAAAAAAAA";

    private static readonly byte[] Content = RegistryClient.RandomBytes(100);

    private static readonly Digest Expected = Digest.Of(Content, DigestAlgorithm.Sha256);

    [Theory]
    [InlineData("PUT", 201)]
    [InlineData("PATCH", 202)]
    public async Task A_client_that_waits_for_100_continue_gets_it_and_then_its_answer(string method, int expected)
    {
        var target = (await StartAsync()).With($"digest={Expected}");
        using var connection = await RawConnection.OpenAsync(registry.Port);

        await connection.SendAsync(
            $"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: {Content.Length}\r\nExpect: 100-continue\r\n\r\n");
        var interim = await connection.ReadAsync();
        await connection.SendAsync("", Content);
        var answer = await connection.ReadAsync();

        Assert.Equal(100, interim.Status);
        Assert.Equal(expected, answer.Status);
        await AssertUsableAsync(connection);
    }

    [Theory]
    [InlineData("PUT", Unknown + "?digest=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 404)]
    [InlineData("PATCH", Unknown, 404)]
    [InlineData("PUT", "/v2/team/app/manifests/sha256:bad", 400)]
    [InlineData("POST", "/v2/UPPER/blobs/uploads/", 400)]
    public async Task A_client_that_waits_in_vain_is_told_so_before_it_sends(string method, string target, int expected)
    {
        using var connection = await RawConnection.OpenAsync(registry.Port);

        await connection.SendAsync($"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n");
        var answer = await connection.ReadAsync();

        Assert.Equal(expected, answer.Status);
        Assert.Contains("\"errors\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_was_refused_unread_does_not_spoil_the_next_request()
    {
        using var connection = await RawConnection.OpenAsync(registry.Port);

        await connection.SendAsync(
            $"PATCH {Unknown} HTTP/1.1\r\nHost: x\r\nContent-Length: {Content.Length}\r\n\r\n", Content);
        var answer = await connection.ReadAsync();

        Assert.Equal(404, answer.Status);
        await AssertUsableAsync(connection);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Range: 0-99\r\n")]
    [InlineData("Content-Type: application/octet-stream\r\n")]
    public async Task A_patch_without_a_length_is_taken_chunk_by_chunk(string header)
    {
        using var connection = await RawConnection.OpenAsync(registry.Port);

        await connection.SendAsync($"PATCH {await StartAsync()} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{header}\r\n");
        await connection.SendAsync("32;name=value\r\n", Content[..50]);
        await connection.SendAsync("\r\n31\r\n", Content[50..99]);
        await connection.SendAsync("\r\n1\r\n", Content[99..]);
        await connection.SendAsync("\r\n0\r\nTrailer: x\r\n\r\n");
        var answer = await connection.ReadAsync();

        Assert.Equal(202, answer.Status);
        Assert.Equal("0-99", answer.Header("Range"));
        await AssertUsableAsync(connection);
    }

    [Fact]
    public async Task A_chunk_may_say_its_length_its_range_both_or_neither()
    {
        foreach (var headers in new (string, string)[][] { [], [("Content-Range", "0-99")] })
        {
            foreach (var chunked in new[] { false, true })
            {
                var location = await StartAsync();
                using var patched = await new ConformanceClient(registry.Client, chunked).SendAsync("PATCH", location, Content, headers);
                await patched.AssertStatusAsync(202);
                patched.AssertHeader("Range", "0-99");
            }
        }
    }

    [Fact]
    public async Task Requests_sent_in_one_burst_are_answered_in_their_order()
    {
        await registry.Client.PushBlobAsync(Repository, Content);
        var (_, manifest) = await registry.Client.PushImageAsync(Repository, "burst");
        var location = await StartAsync();
        using var connection = await RawConnection.OpenAsync(registry.Port);

        await connection.SendAsync(
            Request("GET", "/v2/")
            + Request("HEAD", $"/v2/{Repository}/blobs/{Expected}")
            + Request("GET", $"/v2/{Repository}/blobs/{Expected}")
            + Request("HEAD", $"/v2/{Repository}/tags/list")
            + Request("GET", $"/v2/{Repository}/tags/list")
            + Request("HEAD", $"/v2/{Repository}/manifests/burst")
            + Request("GET", $"/v2/{Repository}/manifests/burst")
            + Request("HEAD", $"/v2/{Repository}/manifests/none")
            + Request("GET", location)
            + $"PATCH {location} HTTP/1.1\r\nHost: x\r\nContent-Length: {Content.Length}\r\n\r\n",
            Content);

        Assert.Equal("{}", (await connection.ReadAsync()).Text);
        Assert.Equal("100", (await connection.ReadAsync(isHead: true)).Header("Content-Length"));
        Assert.Equal(Content, (await connection.ReadAsync()).Body);
        Assert.Equal(200, (await connection.ReadAsync(isHead: true)).Status);
        Assert.Contains("burst", (await connection.ReadAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await connection.ReadAsync(isHead: true)).Status);
        Assert.Equal(manifest, (await connection.ReadAsync()).Body);
        Assert.Equal(404, (await connection.ReadAsync(isHead: true)).Status);
        Assert.Equal(204, (await connection.ReadAsync()).Status);
        Assert.Equal("0-99", (await connection.ReadAsync()).Header("Range"));
        await AssertUsableAsync(connection);

        static string Request(string method, string target) => $"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    [Fact]
    public async Task A_client_of_http_1_0_can_pull_push_and_list()
    {
        await registry.Client.PushBlobAsync(Repository, Content);
        var (_, manifest) = await registry.Client.PushImageAsync(Repository, "old");
        var location = await StartAsync();

        var blob = await RawConnection.AskAsync(registry.Port, $"GET /v2/{Repository}/blobs/{Expected} HTTP/1.0\r\n\r\n");
        var pulled = await RawConnection.AskAsync(registry.Port, $"GET /v2/{Repository}/manifests/old HTTP/1.0\r\n\r\n");
        var tags = await RawConnection.AskAsync(registry.Port, $"GET /v2/{Repository}/tags/list HTTP/1.0\r\n\r\n");
        var pushed = await RawConnection.AskAsync(
            registry.Port, $"PUT {location.With($"digest={Expected}")} HTTP/1.0\r\nContent-Length: {Content.Length}\r\n\r\n", Content);

        Assert.Equal(Content, blob.Body);
        Assert.Equal(manifest, pulled.Body);
        Assert.Null(tags.Header("Transfer-Encoding"));
        Assert.Contains("\"old\"", tags.Text, StringComparison.Ordinal);
        Assert.Equal(201, pushed.Status);
    }

    [Fact]
    public async Task A_connection_of_http_1_0_stays_open_only_when_asked_to()
    {
        using var connection = await RawConnection.OpenAsync(registry.Port);

        await connection.SendAsync("GET /v2/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        var kept = await connection.ReadAsync();
        await connection.SendAsync("GET /v2/ HTTP/1.0\r\n\r\n");
        var last = await connection.ReadAsync();

        Assert.Equal(200, kept.Status);
        Assert.Equal(200, last.Status);
        Assert.True(await connection.IsClosedAsync());
    }

    [Theory]
    [InlineData("GET", "/v2/team/app/manifests/none", 404)]
    [InlineData("GET", "/v2/", 200)]
    [InlineData("DELETE", "/v2/team/app/manifests/none", 404)]
    public async Task A_body_where_none_is_expected_is_passed_over(string method, string target, int expected)
    {
        foreach (var chunked in new[] { false, true })
        {
            using var response = await new ConformanceClient(registry.Client, chunked).SendAsync(method, target, Content);
            await response.AssertStatusAsync(expected);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("not a type")]
    [InlineData("")]
    public async Task The_content_type_of_a_blob_means_nothing(string contentType)
    {
        var client = new ConformanceClient(registry.Client);

        using var started = await client.SendAsync("POST", $"/v2/{Repository}/blobs/uploads/", [], ("Content-Type", contentType));
        using var put = await client.SendAsync(
            "PUT", started.Locate().With($"digest={Expected}"), Content, ("Content-Type", contentType));

        await started.AssertStatusAsync(202);
        await put.AssertStatusAsync(201);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_empty_chunk_changes_nothing(bool chunked)
    {
        var client = new ConformanceClient(registry.Client, chunked);

        using var first = await client.SendAsync("PATCH", await StartAsync(), []);
        using var second = await client.SendAsync("PATCH", first.Locate(), Content);
        using var third = await client.SendAsync("PATCH", second.Locate(), []);
        using var put = await client.SendAsync("PUT", third.Locate().With($"digest={Expected}"));

        first.AssertHeader("Range", "0-0");
        third.AssertHeader("Range", "0-99");
        await put.AssertStatusAsync(201);
    }

    [Fact]
    public async Task A_post_without_a_body_need_not_say_so()
    {
        var started = await RawConnection.AskAsync(registry.Port, $"POST /v2/{Repository}/blobs/uploads/ HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(202, started.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_empty_closing_request_may_say_a_length_of_zero_or_none(bool chunked)
    {
        var client = new ConformanceClient(registry.Client, chunked);
        using var patched = await client.SendAsync("PATCH", await StartAsync(), Content);

        using var put = await client.SendAsync("PUT", patched.Locate().With($"digest={Expected}"), []);

        await put.AssertStatusAsync(201);
    }

    private async Task<string> StartAsync() => await registry.Client.StartUploadAsync(Repository);

    private static async Task AssertUsableAsync(RawConnection connection)
    {
        await connection.SendAsync("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("{}", (await connection.ReadAsync()).Text);
    }
}
