using System.Net;
using Berth.Storage;
using Berth.Storage.Middleware;
using Microsoft.Extensions.Logging;

namespace Berth.Server.Tests.Protocol;

/// <summary>What is put around the blob store decides where clients get their bytes.</summary>
public sealed class StorageMiddlewareTests
{
    private static readonly byte[] Content = RegistryClient.RandomBytes(10_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Needs", "folder")]
    public async Task Redirect_sends_clients_to_whoever_serves_the_data_folder()
    {
        await using var registry = await RegistryFixture.StartAsync(
            options => options with { StorageMiddleware = [new RedirectMiddleware(new Uri("https://cdn.example/berth/"))] });
        var digest = await registry.Client.PushBlobAsync("app", Content);

        using var answer = await registry.Client.GetAsync($"/v2/app/blobs/{digest}", Cancellation);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.StatusCode);
        Assert.Equal("cdn.example", answer.Headers.Location!.Host);
        Assert.StartsWith("/berth/blobs/sha256/", answer.Headers.Location.AbsolutePath, StringComparison.Ordinal);
        var file = Path.Combine(registry.DataFolder, answer.Headers.Location.AbsolutePath["/berth/".Length..]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(file, Cancellation));
    }

    [Fact]
    public async Task Rewrite_changes_what_the_bucket_says_and_keeps_its_signature()
    {
        var bucket = await TestStores.NewBucketAsync();
        await using var registry = await RegistryFixture.StartAsync(options => options with { S3 = bucket, Registry = new RegistryOptions() });
        var digest = await registry.Client.PushBlobAsync("app", Content);
        using var plain = await registry.Client.GetAsync($"/v2/app/blobs/{digest}", Cancellation);
        var original = plain.Headers.Location!;

        await registry.RestartAsync(options => options with { StorageMiddleware = [new RewriteMiddleware("https", "cdn.example:8443", $"/{bucket.Bucket}")] });
        using var answer = await registry.Client.GetAsync($"/v2/app/blobs/{digest}", Cancellation);

        var url = answer.Headers.Location!;
        Assert.Equal("https://cdn.example:8443", url.GetLeftPart(UriPartial.Authority));
        Assert.Equal($"/{bucket.Bucket}{url.AbsolutePath}", original.AbsolutePath);
        Assert.Contains("X-Amz-Signature=", url.Query, StringComparison.Ordinal);
        using var anybody = new HttpClient();
        var back = new Uri($"{original.GetLeftPart(UriPartial.Authority)}/{bucket.Bucket}{url.PathAndQuery}");
        Assert.Equal(Content, await anybody.GetByteArrayAsync(back, Cancellation));
    }

    [Fact]
    [Trait("Needs", "folder")]
    public async Task Rewrite_of_no_address_is_no_address()
    {
        await using var registry = await RegistryFixture.StartAsync(
            options => options with { StorageMiddleware = [new RewriteMiddleware("https", "cdn.example", null)] });
        var digest = await registry.Client.PushBlobAsync("app", Content);

        Assert.Equal(Content, await registry.Client.GetByteArrayAsync($"/v2/app/blobs/{digest}", Cancellation));
    }

    [Fact]
    [Trait("Needs", "folder")]
    public async Task A_program_can_put_its_own_store_around_ours()
    {
        var middleware = new CountingMiddleware();
        await using var registry = await RegistryFixture.StartAsync(options => options with { StorageMiddleware = [middleware] });

        await registry.Client.PushBlobAsync("app", Content);

        Assert.Equal(1, middleware.Commits);
    }

    /// <summary>Only a trusted proxy is believed, and of what it says only what no client can have written.</summary>
    [Theory]
    [InlineData("127.0.0.0/8", "198.51.100.7", "198.51.100.7")]
    [InlineData("127.0.0.0/8", "203.0.113.1, 198.51.100.7", "198.51.100.7")]
    [InlineData("127.0.0.0/8", "203.0.113.1, 198.51.100.7, 127.0.0.9", "198.51.100.7")]
    [InlineData("127.0.0.0/8", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("127.0.0.0/8", "nonsense", "127.0.0.1")]
    [InlineData("127.0.0.0/8", "203.0.113.1, nonsense", "127.0.0.1")]
    [InlineData("127.0.0.0/8", "", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "198.51.100.7", "127.0.0.1")]
    public async Task The_store_learns_who_asks(string trusted, string forwarded, string expected)
    {
        var middleware = new CountingMiddleware();
        await using var registry = await RegistryFixture.StartAsync(options => options with
        {
            StorageMiddleware = [middleware],
            Registry = new RegistryOptions(),
            Locations = options.Locations with { TrustedProxies = [IPNetwork.Parse(trusted)] },
        });
        var digest = await registry.Client.PushBlobAsync("app", Content);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/app/blobs/{digest}");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);

        using var answer = await registry.Client.SendAsync(request, Cancellation);

        Assert.Equal(IPAddress.Parse(expected), middleware.Client);
    }

    private sealed class CountingMiddleware : IBlobStoreMiddleware
    {
        public int Commits { get; private set; }

        public IPAddress? Client { get; private set; }

        public IBlobStore Decorate(IBlobStore inner, TimeProvider time, ILoggerFactory loggers) => new Store(inner, this);

        private sealed class Store(IBlobStore inner, CountingMiddleware counts) : BlobStoreDecorator(inner)
        {
            public override ValueTask CommitAsync(BlobKey key, Digest digest, string? parts, CancellationToken cancellationToken)
            {
                counts.Commits++;
                return base.CommitAsync(key, digest, parts, cancellationToken);
            }

            public override ValueTask<Uri?> FindUrlAsync(BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken)
            {
                counts.Client = client;
                return base.FindUrlAsync(key, digest, method, client, cancellationToken);
            }
        }
    }
}
