using System.Net;
using System.Net.Http.Headers;

namespace Berth.Server.Tests.Protocol;

/// <summary>A registry over a bucket sends clients there for the bytes of blobs.</summary>
public sealed class RedirectTests : IAsyncLifetime
{
    private static readonly byte[] Content = RegistryClient.RandomBytes(10_000);
    private static readonly Digest ContentDigest = Digest.Of(Content, DigestAlgorithm.Sha256);

    private RegistryFixture _registry = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Path => $"/v2/app/blobs/{ContentDigest}";

    public async ValueTask InitializeAsync()
    {
        var bucket = await TestStores.NewBucketAsync();
        _registry = await RegistryFixture.StartAsync(options => options with { S3 = bucket, Azure = null, Gcs = null, Registry = new RegistryOptions() });
        await _registry.Client.PushBlobAsync("app", Content);
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_client_gets_the_bytes_from_the_bucket()
    {
        using var redirect = await _registry.Client.GetAsync(Path, Cancellation);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        Assert.Equal(ContentDigest.Value, redirect.Header("Docker-Content-Digest"));
        Assert.Equal("no-store", redirect.Header("Cache-Control"));
        Assert.Empty(await redirect.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.NotEqual(_registry.Port, redirect.Headers.Location!.Port);
        using var anybody = new HttpClient();
        Assert.Equal(Content, await anybody.GetByteArrayAsync(redirect.Headers.Location, Cancellation));

        using var request = new HttpRequestMessage(HttpMethod.Get, redirect.Headers.Location) { Headers = { Range = new RangeHeaderValue(10, 19) } };
        using var part = await anybody.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Content[10..20], await part.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task A_client_gets_the_bytes_from_a_container_of_Azure_too()
    {
        var container = await TestStores.NewContainerAsync();
        await _registry.RestartAsync(options => options with { S3 = null, Azure = container });
        var content = RegistryClient.RandomBytes(10_000);
        await _registry.Client.PushBlobAsync("azure", content);

        using var redirect = await _registry.Client.GetAsync($"/v2/azure/blobs/{Digest.Of(content, DigestAlgorithm.Sha256)}", Cancellation);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        using var anybody = new HttpClient();
        Assert.Equal(content, await anybody.GetByteArrayAsync(redirect.Headers.Location, Cancellation));
    }

    [Fact]
    public async Task What_the_registry_knows_it_answers_itself()
    {
        using var head = await _registry.Client.SendAsync(HttpMethod.Head, Path);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(Content.Length, head.Content.Headers.ContentLength);

        using var conditional = new HttpRequestMessage(HttpMethod.Get, Path);
        conditional.Headers.TryAddWithoutValidation("If-None-Match", $"\"{ContentDigest}\"");
        using var unchanged = await _registry.Client.SendAsync(conditional, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Null(unchanged.Headers.Location);

        using var elsewhere = await _registry.Client.GetAsync($"/v2/other/blobs/{ContentDigest}", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Redirects_can_be_switched_off()
    {
        await _registry.RestartAsync(options => options with { Registry = options.Registry with { IsRedirectEnabled = false } });

        using var answer = await _registry.Client.GetAsync(Path, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Content, await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }
}
