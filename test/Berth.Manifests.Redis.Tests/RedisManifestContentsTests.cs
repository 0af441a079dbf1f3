using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Berth.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Berth.Manifests.Redis.Tests;

/// <summary>Nodes share a real Redis, and lose it in every way there is.</summary>
public sealed class RedisManifestContentsTests : IAsyncLifetime
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("""{"schemaVersion":2}""");
    private static readonly Digest Name = Digest.Of(Content, DigestAlgorithm.Sha256);

    private readonly FakeTimeProvider _time = new();
    private readonly List<RedisManifestContents> _nodes = [];
    private RedisServer _redis = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task What_one_node_has_read_another_finds(string algorithm)
    {
        var name = Digest.Of(Content, algorithm == "sha256" ? DigestAlgorithm.Sha256 : DigestAlgorithm.Sha512);
        var (one, other) = (await ConnectAsync(), await ConnectAsync());
        Assert.Null(await other.FindAsync(name, Token));

        one.Add(name, Content);
        await SettleAsync(one);

        Assert.Equal(Content, (await other.FindAsync(name, Token))!.Value.ToArray());
    }

    [Fact]
    public async Task What_it_forgets_is_not_there()
    {
        var (one, other) = (await ConnectAsync(), await ConnectAsync());
        one.Add(Name, Content);
        await SettleAsync(one);

        await DatabaseOf(one).KeyDeleteAsync($"berth:manifest:{Name}");

        Assert.Null(await other.FindAsync(Name, Token));
        Assert.NotNull(await one.FindAsync(Name, Token)); // from its own memory
    }

    [Fact]
    public async Task What_it_lies_about_is_not_believed()
    {
        var node = await ConnectAsync();
        await DatabaseOf(node).StringSetAsync($"berth:manifest:{Name}", "something else");

        Assert.Null(await node.FindAsync(Name, Token));
    }

    [Fact]
    public async Task What_has_another_type_there_is_not_there()
    {
        var node = await ConnectAsync();
        await DatabaseOf(node).ListLeftPushAsync($"berth:manifest:{Name}", "x");

        Assert.Null(await node.FindAsync(Name, Token));
        node.Add(Name, Content);
        Assert.NotNull(await node.FindAsync(Name, Token));
    }

    [Fact]
    public async Task A_server_that_was_away_is_used_again()
    {
        var (one, other) = (await ConnectAsync(), await ConnectAsync());
        var back = new TaskCompletionSource();
        (await one.Connection).ConnectionRestored += (_, what) =>
        {
            if (what.ConnectionType == ConnectionType.Interactive)
            {
                back.TrySetResult();
            }
        };
        await _redis.StopAsync(Token);

        Assert.Null(await one.FindAsync(Name, Token));
        one.Add(Name, Content);
        Assert.NotNull(await one.FindAsync(Name, Token));
        Assert.Null(await other.FindAsync(Name, Token));

        await _redis.StartAgainAsync(Token);
        await back.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        _time.Advance(TimeSpan.FromSeconds(5));
        one.Add(Name, Content);
        await SettleAsync(one);
        var third = await ConnectAsync();
        Assert.NotNull(await third.FindAsync(Name, Token));
    }

    [Fact]
    public async Task A_server_that_hangs_is_left_alone_for_a_while()
    {
        var (one, other) = (await ConnectAsync(), await ConnectAsync());
        one.Add(Name, Content);
        await SettleAsync(one);

        _redis.Pause();
        Assert.Null(await other.FindAsync(Name, Token));
        _redis.Resume();
        await SettleAsync(other);

        Assert.Null(await other.FindAsync(Name, Token));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(await other.FindAsync(Name, Token));
    }

    [Fact]
    public async Task A_server_that_is_away_at_the_start_keeps_nobody_waiting()
    {
        var node = Open(new RedisOptions { Addresses = [$"127.0.0.1:{LoopbackPort.FindFree()}"], DialTimeout = TimeSpan.FromMilliseconds(100) });

        Assert.Null(await node.FindAsync(Name, Token));
        node.Add(Name, Content);
        Assert.NotNull(await node.FindAsync(Name, Token));
    }

    [Fact]
    public async Task A_wrong_password_is_as_good_as_no_server()
    {
        await using var guarded = await RedisServer.StartAsync(Token, "--port", "{port}", "--requirepass", "right");
        var wrong = Open(new RedisOptions { Addresses = [guarded.Address], Password = "wrong", DialTimeout = TimeSpan.FromMilliseconds(500) });
        await wrong.Connection;
        var right = Open(new RedisOptions { Addresses = [guarded.Address], Password = "right" });
        await right.Connection;

        right.Add(Name, Content);
        await SettleAsync(right);

        Assert.Null(await wrong.FindAsync(Name, Token));
        Assert.DoesNotContain("right", new RedisOptions { Addresses = [guarded.Address], Password = "right" }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_connection_can_be_encrypted_and_shows_a_certificate()
    {
        using var folder = new TemporaryFolder();
        using var authority = Certificates.Write(folder, "ca", issuer: null);
        using var server = Certificates.Write(folder, "server", authority);
        using var client = Certificates.Write(folder, "client", authority);
        await using var encrypted = await RedisServer.StartAsync(
            Token, "--port", "0", "--tls-port", "{port}", "--tls-cert-file", folder["server.crt"], "--tls-key-file", folder["server.key"], "--tls-ca-cert-file", folder["ca.crt"]);
        var options = new RedisOptions
        {
            Addresses = [encrypted.Address],
            IsEncrypted = true,
            RootCertificates = [folder["ca.crt"]],
            ClientCertificate = (folder["client.crt"], folder["client.key"]),
        };
        var (one, other) = (Open(options), Open(options));
        await one.Connection;
        await other.Connection;

        one.Add(Name, Content);
        await SettleAsync(one);

        Assert.NotNull(await other.FindAsync(Name, Token));
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_is_refused_at_the_start() =>
        Assert.Throws<StorageException>(() => Open(new RedisOptions { Addresses = ["127.0.0.1:1"], IsEncrypted = true, RootCertificates = ["/nowhere/ca.crt"] }));

    private static IDatabase DatabaseOf(RedisManifestContents node) => node.Connection.Result.GetDatabase();

    /// <summary>What was sent before on this connection has been answered after this.</summary>
    private static Task<TimeSpan> SettleAsync(RedisManifestContents node) => DatabaseOf(node).PingAsync();

    private async Task<RedisManifestContents> ConnectAsync()
    {
        var node = Open(new RedisOptions { Addresses = [_redis.Address] });
        await node.Connection;
        return node;
    }

    private RedisManifestContents Open(RedisOptions options)
    {
        var node = new RedisManifestContents(options, new MemoryManifestContents(), _time, NullLogger<RedisManifestContents>.Instance);
        _nodes.Add(node);
        return node;
    }

    private static class Certificates
    {
        public static X509Certificate2 Write(TemporaryFolder folder, string name, X509Certificate2? issuer)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            var (from, to) = (DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
            using var certificate = issuer is null ? request.CreateSelfSigned(from, to) : request.Create(issuer, from, to.AddYears(-1), RandomNumberGenerator.GetBytes(16));
            File.WriteAllText(folder[$"{name}.crt"], certificate.ExportCertificatePem());
            File.WriteAllText(folder[$"{name}.key"], key.ExportPkcs8PrivateKeyPem());
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        }
    }
}
