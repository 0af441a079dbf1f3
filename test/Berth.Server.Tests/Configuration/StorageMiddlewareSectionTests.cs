using Berth.Server.Hosting;
using Berth.Storage.Middleware;
using Berth.Storage.S3.CloudFront;

namespace Berth.Server.Tests.Configuration;

public sealed class StorageMiddlewareSectionTests : IDisposable
{
    private const string Bucket = "storage: {s3: {bucket: b, region: eu-central-1}}";

    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Middleware_is_taken_in_the_order_of_the_list_and_without_what_is_disabled()
    {
        var loaded = _fixture.LoadFile(
            """
            middleware:
              storage:
                - name: redirect
                  options: {baseurl: "https://cdn.example/blobs"}
                - name: redirect
                  disabled: true
                  options: {baseurl: "https://other.example"}
                - name: rewrite
                  options: {scheme: http, host: "inner.example:8080", trimpathprefix: /blobs}
            """);

        Assert.Empty(loaded.Warnings);
        Assert.Equal(
            [new RedirectMiddleware(new Uri("https://cdn.example/blobs")), new RewriteMiddleware("http", "inner.example:8080", "/blobs")],
            BerthOptions.From(loaded.Configuration).StorageMiddleware);
    }

    [Fact]
    public void CloudFront_has_the_options_of_distribution()
    {
        var loaded = _fixture.LoadFile(
            $$"""
            {{Bucket}}
            middleware:
              storage:
                - name: cloudfront
                  options:
                    baseurl: d111111abcdef8.cloudfront.net
                    privatekey: /etc/berth/key.pem
                    keypairid: APKA
                    duration: 3000s
                    ipfilteredby: awsregion
                    awsregion: US-East-1, eu-central-1
                    updatefrenquency: 1h
                    iprangesurl: http://127.0.0.1/ranges.json
            """);

        var options = Assert.IsType<CloudFrontMiddleware>(Assert.Single(loaded.Configuration.StorageMiddleware));
        Assert.Equal(
            ("https://d111111abcdef8.cloudfront.net/", "/etc/berth/key.pem", "APKA", TimeSpan.FromMinutes(50), TimeSpan.FromHours(1), "http://127.0.0.1/ranges.json"),
            (options.BaseUrl.AbsoluteUri, options.PrivateKeyPath, options.KeyPairId, options.Duration, options.NetworksAge, options.NetworksUrl.AbsoluteUri));
        Assert.Equal(["us-east-1", "eu-central-1"], options.DirectClients.Regions);
    }

    [Theory]
    [InlineData("[{name: redirect}]", "options.baseurl")]
    [InlineData("[{name: redirect, options: {baseurl: cdn.example}}]", "options.baseurl")]
    [InlineData("[{name: redirect, options: {baseurl: 'https://cdn.example?a=b'}}]", "options.baseurl")]
    [InlineData("[{name: redirect, options: {baseurl: 'ftp://cdn.example'}}]", "options.baseurl")]
    [InlineData("[{name: redirect, options: {baseurl: 'https://cdn.example', host: x}}]", "options.host")]
    [InlineData("[{name: rewrite, options: {scheme: gopher}}]", "options.scheme")]
    [InlineData("[{name: rewrite, options: {host: 'cdn.example/path'}}]", "options.host")]
    [InlineData("[{name: rewrite, options: {host: 'user@cdn.example'}}]", "options.host")]
    [InlineData("[{name: rewrite, options: {host: ''}}]", "options.host")]
    [InlineData("[{name: cloudfront, options: {baseurl: cdn.example, privatekey: k}}]", "options.keypairid")]
    [InlineData("[{name: cloudfront, options: {baseurl: cdn.example, privatekey: k, keypairid: p, duration: 20}}]", "options.duration")]
    [InlineData("[{name: cloudfront, options: {baseurl: cdn.example, privatekey: k, keypairid: p, ipfilteredby: me}}]", "options.ipfilteredby")]
    [InlineData("[{name: cloudfront, options: {baseurl: cdn.example, privatekey: k, keypairid: p, ipfilteredby: awsregion}}]", "options.awsregion")]
    [InlineData("[{name: cloudfront, options: {baseurl: cdn.example, privatekey: k, keypairid: p, iprangesurl: x}}]", "options.iprangesurl")]
    [InlineData("[{name: aliyuncdn}]", "")]
    [InlineData("[{options: {baseurl: 'https://cdn.example'}}]", "")]
    [InlineData("[redirect]", "")]
    public void What_is_wrong_is_told_by_its_key(string list, string key) =>
        Assert.Equal(
            $"middleware.storage[0].{key}".TrimEnd('.'),
            _fixture.MistakesIn($"{Bucket}\nmiddleware: {{storage: {list}}}").Select(mistake => mistake.Key).Distinct(StringComparer.Ordinal).Single());

    [Fact]
    public void CloudFront_needs_a_bucket() =>
        Assert.Contains(
            "storage.s3",
            _fixture.MistakeIn("middleware: {storage: [{name: cloudfront, options: {baseurl: cdn.example, privatekey: k, keypairid: p}}]}"),
            StringComparison.Ordinal);
}
