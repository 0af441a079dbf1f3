using System.Security.Cryptography;
using Berth.Server.Configuration;

namespace Berth.Server.Tests.Configuration;

public sealed class ConfigurationKeyTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();

    /// <summary>Of a service account that does not exist.</summary>
    internal static string PrivateKey { get; } = NewPrivateKey();

    public void Dispose() => _fixture.Dispose();

    /// <summary>For every effective key a value that is not the default, and one that is wrong.</summary>
    public static TheoryData<string, string, string> Values => new()
    {
        { "log.level", "debug", "loud" },
        { "loglevel", "debug", "loud" },
        { "http.addr", ":1", "x" },
        { "http.net", "tcp", "unix" },
        { "http.host", "https://registry.example.com", "x" },
        { "http.secret", "s", "[s]" },
        { "http.relativeurls", "false", "x" },
        { "http.trustedproxies[]", "10.0.0.1", "x" },
        { "storage.filesystem.rootdirectory", "/srv", "[]" },
        { "storage.s3.accesskey", "a", "[a]" },
        { "storage.s3.secretkey", "s", "[s]" },
        { "storage.s3.region", "eu-central-1", "[a]" },
        { "storage.s3.regionendpoint", "https://other", "http://host/path" },
        { "storage.s3.forcepathstyle", "true", "x" },
        { "storage.s3.bucket", "other", "[b]" },
        { "storage.s3.encrypt", "true", "x" },
        { "storage.s3.keyid", "k", "[k]" },
        { "storage.s3.secure", "false", "x" },
        { "storage.s3.skipverify", "true", "x" },
        { "storage.s3.chunksize", "5242880", "x" },
        { "storage.s3.rootdirectory", "r", "[r]" },
        { "storage.s3.storageclass", "STANDARD_IA", "GLACIER" },
        { "storage.s3.useragent", "u", "[u]" },
        { "storage.s3.objectacl", "public-read", "x" },
        { "storage.s3.usedualstack", "true", "x" },
        { "storage.s3.accelerate", "true", "x" },
        { "storage.s3.usefipsendpoint", "true", "x" },
        { "storage.s3.redirectendpoint", "https://cdn.example.com", "x" },
        { "storage.s3.checksums", "true", "x" },
        { "storage.azure.accountname", "other", "[a]" },
        { "storage.azure.accountkey", "a2V5", "x" },
        { "storage.azure.container", "other", "[c]" },
        { "storage.azure.realm", "core.usgovcloudapi.net", "a b" },
        { "storage.azure.serviceurl", "http://host/a", "ftp://host" },
        { "storage.azure.rootdirectory", "r", "[r]" },
        { "storage.azure.max_retries", "0", "-1" },
        { "storage.azure.retry_delay", "1s", "1h" },
        { "storage.azure.skipverify", "true", "x" },
        { "storage.azure.credentials.type", "default_credentials", "x" },
        { "storage.azure.credentials.clientid", "i", "[i]" },
        { "storage.azure.credentials.tenantid", "t", "[t]" },
        { "storage.azure.credentials.secret", "s", "[s]" },
        { "storage.gcs.bucket", "other", "[b]" },
        { "storage.gcs.keyfile", "/key.json", "[k]" },
        { "storage.gcs.rootdirectory", "r", "[r]" },
        { "storage.gcs.chunksize", "262144", "1" },
        { "storage.gcs.maxconcurrency", "1", "0" },
        { "storage.gcs.useragent", "u", "[u]" },
        { "storage.gcs.credentials.type", "service_account", "external_account" },
        { "storage.gcs.credentials.project_id", "p", "[p]" },
        { "storage.gcs.credentials.private_key_id", "k", "[k]" },
        { "storage.gcs.credentials.private_key", NewPrivateKey(), "x" },
        { "storage.gcs.credentials.client_email", "other@b", "[c]" },
        { "storage.gcs.credentials.client_id", "i", "[i]" },
        { "storage.gcs.credentials.auth_uri", "https://example.com", "[a]" },
        { "storage.gcs.credentials.token_uri", "https://example.com", "http://example.com" },
        { "storage.gcs.credentials.auth_provider_x509_cert_url", "https://example.com", "[a]" },
        { "storage.gcs.credentials.client_x509_cert_url", "https://example.com", "[a]" },
        { "storage.gcs.credentials.universe_domain", "googleapis.com", "example.com" },
        { "storage.delete.enabled", "false", "x" },
        { "storage.redirect.disable", "true", "x" },
        { "storage.maintenance.readonly.enabled", "true", "x" },
        { "storage.maintenance.uploadpurging.enabled", "false", "x" },
        { "storage.maintenance.uploadpurging.age", "1h", "x" },
        { "storage.maintenance.uploadpurging.interval", "1h", "x" },
        { "storage.maintenance.uploadpurging.dryrun", "true", "x" },
        { "metadata.sqlite.path", "/srv/meta.db", "[]" },
        { "metadata.postgres.connectionstring", "Host=other", "x" },
        { "metadata.postgres.schema", "images", "Images" },
        { "metadata.postgres.maxconnections", "3", "1" },
        { "catalog.maxentries", "1", "x" },
        { "tags.maxtags", "1", "x" },
        { "validation.enabled", "false", "x" },
        { "validation.disabled", "true", "x" },
        { "validation.manifests.sparse", "true", "x" },
        { "validation.manifests.indexes.platforms", "list", "x" },
    };

    public static TheoryData<string> Keys => [.. ConfigurationKeys.All.Select(key => key.Pattern)];

    [Theory]
    [MemberData(nameof(Values))]
    public void An_effective_key_works_from_its_variable(string pattern, string value, string wrong)
    {
        var key = ConfigurationKeys.All.Single(candidate => candidate.Pattern == pattern);

        var needed = Needed(key);
        var before = ConfigurationFixture.Describe(ConfigurationFixture.LoadVariables(needed).Configuration);
        var (configuration, warnings) = ConfigurationFixture.LoadVariables([.. needed.Where(pair => pair.Name != key.Variable), (key.Variable, value)]);

        var isChanged = ConfigurationFixture.Describe(configuration) != before;
        Assert.True(isChanged || pattern is "http.net" or "validation.enabled" or "storage.gcs.credentials.type", pattern);
        Assert.True(pattern is "loglevel" or "validation.enabled" or "storage.s3.accesskey" or "storage.s3.secretkey" || warnings.Count == 0);
        Assert.Throws<ConfigurationException>(
            () => ConfigurationFixture.LoadVariables([.. needed.Where(pair => pair.Name != key.Variable), (key.Variable, wrong)]));
    }

    [Fact]
    public void Every_effective_key_is_tested_here() =>
        Assert.Equal(
            ConfigurationKeys.All.Where(key => key.Effect == KeyEffect.Effective).Select(key => key.Pattern)
                .Where(pattern => !pattern.StartsWith("middleware.storage", StringComparison.Ordinal)) // StorageMiddlewareSectionTests
                .Where(pattern => !pattern.StartsWith("redis.", StringComparison.Ordinal)) // RedisSectionTests
                .Where(pattern => !pattern.StartsWith("auth.", StringComparison.Ordinal) || pattern == "auth.none.**") // AuthSectionTests
                .Where(pattern => !pattern.StartsWith("access.", StringComparison.Ordinal)) // AccessSectionTests
                .Order(StringComparer.Ordinal),
            Values.Select(row => row.Data.Item1)
                .Concat(Values.Select(row => row.Data.Item1).Where(IsS3).Select(key => key.Replace(".s3.", ".s3aws.", StringComparison.Ordinal)))
                .Concat(["version", "auth.none.**"]) // their tests: the version is for the file only, and none has no settings
                .Concat(["metadata.postgres.connectionstringfile"]) // needs the file
                .Concat(["validation.manifests.indexes.platformlist[].os", "validation.manifests.indexes.platformlist[].architecture"]) // together
                .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_of_the_table_is_reachable_by_its_variable(string pattern)
    {
        var key = ConfigurationKeys.All.Single(candidate => candidate.Pattern == pattern);
        var root = YamlValue.OfMap([], new Origin("file"));
        var report = new ConfigurationReport();

        EnvironmentOverrides.Apply(root, ConfigurationFixture.Variables((key.Variable, "value")), report);

        Assert.Equal(pattern == "version", report.Warnings.Any(warning => warning.Text.StartsWith("matches no key", StringComparison.Ordinal)));
        Assert.Equal(pattern != "version", root.HasContent || pattern is "storage" or "auth");
        Assert.Empty(report.Errors);
    }

    [Fact]
    public void No_key_stands_in_the_table_twice() =>
        Assert.Equal(ConfigurationKeys.All.Count, ConfigurationKeys.All.DistinctBy(key => key.Pattern).Count());

    [Fact]
    public void Whatever_is_not_effective_has_a_reason() =>
        Assert.All(ConfigurationKeys.All, key => Assert.Equal(key.Effect == KeyEffect.Effective, key.Reason is null));

    [Theory]
    [InlineData("storage: oss")]
    [InlineData("storage: {oss: }")]
    [InlineData("storage: {filesystem: {rootdirectory: /srv}, oss: {bucket: b}}")]
    [InlineData("storage: inmemory")]
    [InlineData("http: {tls: {certificate: /cert.pem, key: /key.pem}}")]
    [InlineData("http: {tls: {letsencrypt: {cachefile: /cache}}}")]
    public void What_would_leave_data_exposed_or_misplaced_without_its_key_stops_the_start(string yaml) =>
        Assert.Contains("Berth", _fixture.MistakeIn(yaml), StringComparison.Ordinal);

    [Fact]
    public void An_empty_TLS_section_is_none() => Assert.Empty(_fixture.LoadFile("http:\n  tls:\n    certificate: ''\n    key:\n").Warnings);

    [Fact]
    public void Authentication_asked_for_by_a_variable_stops_the_start_too()
    {
        Assert.Throws<ConfigurationException>(() => ConfigurationFixture.LoadVariables(("REGISTRY_AUTH", "htpasswd")));
        Assert.Throws<ConfigurationException>(() => ConfigurationFixture.LoadVariables(("REGISTRY_AUTH_HTPASSWD_PATH", "/htpasswd")));
    }

    [Theory]
    [InlineData("http: {adr: x}", "http.adr (config.yml, line 1): unknown key; did you mean http.addr?")]
    [InlineData("htpp: {addr: x}", "htpp (config.yml, line 1): unknown key; did you mean http?")]
    [InlineData("HTTP: {addr: x}", "HTTP (config.yml, line 1): unknown key; did you mean http?")]
    [InlineData("storage:\n  filesystem:\n    rootDirectory: x", "storage.filesystem.rootDirectory (config.yml, line 3): unknown key; did you mean storage.filesystem.rootdirectory?")]
    [InlineData("storage: {dryrun: x}", "storage.dryrun (config.yml, line 1): unknown key; did you mean storage.maintenance.uploadpurging.dryrun?")]
    [InlineData("addr: x", "addr (config.yml, line 1): unknown key; did you mean http.addr?")]
    [InlineData("enabled: x", "enabled (config.yml, line 1): unknown key")]
    [InlineData("tags: {zzz: x}", "tags.zzz (config.yml, line 1): unknown key; known here: maxtags")]
    [InlineData("redis: {pasword: x}", "redis.pasword (config.yml, line 1): unknown key; did you mean redis.password?")]
    [InlineData("notifications: {endpoints: [{name: a}, {url: b, zzzz: c}]}", "notifications.endpoints[1].zzzz (config.yml, line 1): unknown key; known here: backoff, disabled, headers, ignore, ignoredmediatypes, name, threshold, timeout, url")]
    [InlineData("\"a\\eb\": x", "a?b (config.yml, line 1): unknown key")]
    public void An_unknown_key_stops_the_start_and_names_the_nearest(string yaml, string message)
    {
        var mistakes = _fixture.MistakesIn(yaml);
        Assert.Contains(message, mistakes.Select(mistake => mistake.ToString().Replace(_fixture.FilePath, "config.yml", StringComparison.Ordinal)));
    }

    private static string NewPrivateKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static bool IsS3(string pattern) => pattern.StartsWith("storage.s3.", StringComparison.Ordinal);

    /// <summary>Without which a key cannot stand.</summary>
    private static (string Name, string Value)[] Needed(ConfigurationKey key) => IsS3(key.Pattern)
        ? [("REGISTRY_STORAGE_S3_BUCKET", "b"), ("REGISTRY_STORAGE_S3_REGIONENDPOINT", "https://s3.example.com")]
        : key.Pattern.StartsWith("storage.azure.", StringComparison.Ordinal)
        ?
        [
            ("REGISTRY_STORAGE_AZURE_ACCOUNTNAME", "a"), ("REGISTRY_STORAGE_AZURE_CONTAINER", "c"),
            ("REGISTRY_STORAGE_AZURE_ACCOUNTKEY", "c2VjcmV0"), ("REGISTRY_STORAGE_AZURE_CREDENTIALS_TYPE", "shared_key"),
        ]
        : key.Pattern.StartsWith("storage.gcs.credentials.", StringComparison.Ordinal)
        ?
        [
            ("REGISTRY_STORAGE_GCS_BUCKET", "b"), ("REGISTRY_STORAGE_GCS_CREDENTIALS_TYPE", "service_account"),
            ("REGISTRY_STORAGE_GCS_CREDENTIALS_CLIENT_EMAIL", "a@b"), ("REGISTRY_STORAGE_GCS_CREDENTIALS_PRIVATE_KEY", PrivateKey),
        ]
        : key.Pattern.StartsWith("storage.gcs.", StringComparison.Ordinal)
        ? [("REGISTRY_STORAGE_GCS_BUCKET", "b")]
        : key.Pattern.StartsWith("metadata.postgres.", StringComparison.Ordinal)
            ? [("REGISTRY_METADATA_POSTGRES_CONNECTIONSTRING", "Host=db")]
            : [];
}
