using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Berth.Storage.S3.CloudFront;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Berth.Storage.S3.Tests;

public sealed class CloudFrontTests : IDisposable
{
    private static readonly BlobKey Key = BlobKey.Create(TimeProvider.System);
    private static readonly Digest Digest = Digest.Of([1], DigestAlgorithm.Sha256);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RSA _key = RSA.Create(2048);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string KeyPath => Path.Combine(_folder.FullPath, "key.pem");

    private CloudFrontMiddleware Options => new() { BaseUrl = new Uri("https://d1.cloudfront.net"), PrivateKeyPath = KeyPath, KeyPairId = "APKA" };

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_is_signed_for_one_object_and_a_short_time(bool isPkcs1)
    {
        await File.WriteAllTextAsync(KeyPath, isPkcs1 ? _key.ExportRSAPrivateKeyPem() : _key.ExportPkcs8PrivateKeyPem(), Token);
        using var store = (CloudFrontBlobStore)Options.Decorate(Bucket(), _time, NullLoggerFactory.Instance);

        var url = (await store.FindUrlAsync(Key, Digest, "GET", null, Token))!;

        var text = Key.ToString();
        var expires = _time.GetUtcNow().AddMinutes(20).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var resource = $"https://d1.cloudfront.net/root/blobs/{text[^2..]}/{text}";
        Assert.Equal(resource, url.GetLeftPart(UriPartial.Path));
        var query = url.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        Assert.Equal((expires, "APKA"), (query["Expires"], query["Key-Pair-Id"]));
        var policy = "{\"Statement\":[{\"Resource\":\"" + resource + "\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":" + expires + "}}}]}";
        var signature = Convert.FromBase64String(query["Signature"].Replace('-', '+').Replace('_', '=').Replace('~', '/'));
        Assert.True(_key.VerifyData(Encoding.UTF8.GetBytes(policy), signature, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task Clients_in_the_region_go_to_the_bucket_itself()
    {
        await File.WriteAllTextAsync(KeyPath, _key.ExportRSAPrivateKeyPem(), Token);
        using var networks = new NetworkList("""
            {"prefixes": [
              {"ip_prefix": "192.0.2.0/24", "region": "eu-central-1", "service": "EC2"},
              {"ip_prefix": "192.0.2.128/25", "region": "eu-central-1", "service": "S3"},
              {"ip_prefix": "198.51.100.0/24", "region": "us-east-1", "service": "EC2"},
              {"ip_prefix": "nonsense", "region": "eu-central-1"}],
             "ipv6_prefixes": [{"ipv6_prefix": "2001:db8::/32", "region": "eu-central-1", "service": "EC2"}]}
            """);
        var options = Options with { DirectClients = new AwsClients(["eu-central-1"]), NetworksUrl = networks.Address };
        var known = new AwsNetworks(options, _time, NullLogger<AwsNetworks>.Instance);
        using var store = new CloudFrontBlobStore(Bucket(), new CloudFrontSigner(options, _time), known);
        await known.Refreshed;

        async Task<string> HostForAsync(string client) => (await store.FindUrlAsync(Key, Digest, "GET", IPAddress.Parse(client), Token))!.Host;

        Assert.Equal("127.0.0.1", await HostForAsync("192.0.2.200"));
        Assert.Equal("127.0.0.1", await HostForAsync("2001:db8:1::1"));
        Assert.Equal("d1.cloudfront.net", await HostForAsync("192.0.3.0"));
        Assert.Equal("d1.cloudfront.net", await HostForAsync("198.51.100.1"));
        Assert.Equal("d1.cloudfront.net", await HostForAsync("2001:db9::"));
    }

    [Fact]
    public async Task The_list_of_networks_is_read_again_when_it_is_old_and_kept_when_that_fails()
    {
        using var networks = new NetworkList("""{"prefixes": [{"ip_prefix": "192.0.2.0/24", "region": "r"}]}""");
        using var known = new AwsNetworks(Options with { DirectClients = AwsClients.All, NetworksUrl = networks.Address }, _time, NullLogger<AwsNetworks>.Instance);
        await known.Refreshed;
        Assert.True(known.Contains(IPAddress.Parse("192.0.2.1")));

        foreach (var broken in new[] { "", "{}", "[]", "{\"prefixes\": 1}" })
        {
            networks.Text = broken;
            _time.Advance(TimeSpan.FromHours(13));
            Assert.True(known.Contains(IPAddress.Parse("192.0.2.1")));
            await known.Refreshed;
            Assert.True(known.Contains(IPAddress.Parse("192.0.2.1")));
        }

        networks.Text = """{"prefixes": [{"ip_prefix": "198.51.100.0/24", "region": "r"}]}""";
        _time.Advance(TimeSpan.FromHours(13));
        Assert.True(known.Contains(IPAddress.Parse("192.0.2.1")));
        await known.Refreshed;
        Assert.False(known.Contains(IPAddress.Parse("192.0.2.1")));
        Assert.True(known.Contains(IPAddress.Parse("198.51.100.1")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----")]
    [InlineData(null)]
    public async Task A_key_that_cannot_sign_is_refused_at_the_start(string? pem)
    {
        if (pem is not null)
        {
            await File.WriteAllTextAsync(KeyPath, pem, Token);
        }

        AssertRefused();
    }

    [Fact]
    public async Task A_public_key_is_refused_at_the_start()
    {
        await File.WriteAllTextAsync(KeyPath, _key.ExportRSAPublicKeyPem(), Token);

        AssertRefused();
    }

    [Fact]
    public void Any_set_of_networks_answers_as_its_networks_do()
    {
        IPNetwork[] networks =
        [
            IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("11.0.0.0/8"),
            IPNetwork.Parse("255.255.255.255/32"), IPNetwork.Parse("fe80::/10"),
        ];
        var ranges = new AddressRanges(networks);

        Assert.All(
            ["0.0.0.0", "0.255.255.255", "1.0.0.0", "9.255.255.255", "10.0.0.0", "10.1.2.3", "11.255.255.255", "12.0.0.0", "255.255.255.254", "255.255.255.255", "::", "fe80::1", "fec0::"],
            text => Assert.Equal(networks.Any(network => network.Contains(IPAddress.Parse(text))), ranges.Contains(IPAddress.Parse(text))));
        Assert.True(new AddressRanges([IPNetwork.Parse("::/0")]).Contains(IPAddress.Parse("ffff::")));
    }

    private static S3BlobStore Bucket() => S3BlobStore.Create(
        new S3Options
        {
            Bucket = "b", RegionEndpoint = "http://127.0.0.1:1", ForcePathStyle = true, AccessKey = "a", SecretKey = "s", RootDirectory = "/root",
        },
        TimeProvider.System,
        NullLogger<S3BlobStore>.Instance);

    private void AssertRefused()
    {
        using var bucket = Bucket();
        var refusal = Assert.Throws<StorageException>(() => Options.Decorate(bucket, _time, NullLoggerFactory.Instance));
        Assert.Contains("private key", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A web server with one document.</summary>
    private sealed class NetworkList : IDisposable
    {
        private readonly HttpListener _listener = new();

        public NetworkList(string text)
        {
            Text = text;
            Address = new Uri($"http://127.0.0.1:{LoopbackPort.FindFree()}/");
            _listener.Prefixes.Add(Address.AbsoluteUri);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Text { get; set; }

        public Uri Address { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Text), Token);
                    context.Response.Close();
                }
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                // closed
            }
        }
    }
}
