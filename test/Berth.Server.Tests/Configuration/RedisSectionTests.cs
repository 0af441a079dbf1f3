using Berth.Server.Hosting;

namespace Berth.Server.Tests.Configuration;

public sealed class RedisSectionTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Redis_has_the_keys_of_distribution()
    {
        var loaded = _fixture.LoadFile(
            """
            redis:
              addrs: ["one:6379", "two:6380"]
              mastername: berth
              clientname: node-1
              username: u
              password: hunter2
              db: 3
              dialtimeout: 10ms
              readtimeout: 20ms
              tls:
                certificate: /c.pem
                key: /k.pem
                rootcas: [/ca.pem]
            """);

        var options = BerthOptions.From(loaded.Configuration).Redis!;
        Assert.Empty(loaded.Warnings);
        Assert.Equal(["one:6379", "two:6380"], options.Addresses);
        Assert.Equal(
            ("berth", "node-1", "u", "hunter2", 3, 10d, 20d),
            (options.MasterName, options.ClientName, options.UserName, options.Password, options.Database, options.DialTimeout.TotalMilliseconds, options.ReadTimeout.TotalMilliseconds));
        Assert.Equal((("/c.pem", "/k.pem"), "/ca.pem", true), (options.ClientCertificate!.Value, options.RootCertificates.Single(), options.IsEncrypted));
        Assert.DoesNotContain("hunter2", loaded.Configuration.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_can_come_from_variables() =>
        Assert.Equal(
            ("redis:6379", "s#1"),
            (ConfigurationFixture.LoadVariables(("REGISTRY_REDIS_ADDRS_0", "redis:6379"), ("REGISTRY_REDIS_PASSWORD", "s#1")).Configuration.Redis!) is var redis
                ? (redis.Addresses.Single(), redis.Password)
                : default);

    [Theory]
    [InlineData("redis: {password: p}")]
    [InlineData("redis: {addr: 'redis:6379'}")]
    [InlineData("redis: {addrs: ['redis:6379'], poolsize: 3}")]
    [InlineData("redis: {addrs: ['redis:6379'], sentinelpassword: p}")]
    public void What_has_no_effect_is_warned_of(string yaml) => Assert.NotEmpty(_fixture.LoadFile(yaml).Warnings);

    [Theory]
    [InlineData("redis: {addrs: ['redis']}", "redis.addrs[0]")]
    [InlineData("redis: {addrs: ['redis:0']}", "redis.addrs[0]")]
    [InlineData("redis: {addrs: ['user@redis:6379']}", "redis.addrs[0]")]
    [InlineData("redis: {addrs: ['redis:6379/1']}", "redis.addrs[0]")]
    [InlineData("redis: {addrs: ['']}", "redis.addrs[0]")]
    [InlineData("redis: {addrs: redis}", "redis.addrs")]
    [InlineData("redis: {addrs: ['redis:6379'], db: -1}", "redis.db")]
    [InlineData("redis: {addrs: ['redis:6379'], readtimeout: 5}", "redis.readtimeout")]
    [InlineData("redis: {addrs: ['redis:6379'], tls: {certificate: /c.pem}}", "redis.tls")]
    [InlineData("redis: {addrs: ['redis:6379'], tls: {enabled: perhaps}}", "redis.tls.enabled")]
    public void What_is_wrong_is_told_by_its_key(string yaml, string key) =>
        Assert.Equal(key, Assert.Single(_fixture.MistakesIn(yaml)).Key);
}
