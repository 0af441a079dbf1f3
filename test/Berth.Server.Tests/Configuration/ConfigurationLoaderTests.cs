using Berth.Manifests;
using Berth.Server.Configuration;
using Berth.Uploads;
using Microsoft.Extensions.Logging;

namespace Berth.Server.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Without_file_and_variables_the_registry_is_safe_and_complete()
    {
        var (configuration, warnings) = ConfigurationFixture.LoadVariables();

        Assert.Empty(warnings);
        Assert.Equal("127.0.0.1:5000", configuration.Http.Address.ToString());
        Assert.True(configuration.Http.IsAddressDefault);
        Assert.Null(configuration.Http.Secret);
        Assert.Null(configuration.Http.Host);
        Assert.Null(configuration.Http.RelativeUrls);
        Assert.Empty(configuration.Http.TrustedProxies);
        Assert.Equal(LogLevel.Information, configuration.LogLevel);
        Assert.Equal("./berth-data", configuration.Storage.RootDirectory);
        Assert.True(configuration.Storage.IsDeleteEnabled);
        Assert.False(configuration.Storage.IsReadOnly);
        Assert.Equal(new UploadPurging(), configuration.Storage.UploadPurging);
        Assert.Equal((1000, 1000), (configuration.CatalogMaxEntries, configuration.TagsMaxTags));
        Assert.Equal(IndexPlatforms.All, configuration.Validation.IndexPlatforms);
        Assert.False(configuration.Validation.IsSparseAllowed);
    }

    [Fact]
    public void Every_setting_works_from_the_file()
    {
        var (configuration, warnings) = _fixture.LoadFile("""
            version: 0.1
            log: {level: DEBUG}
            http:
              addr: 10.0.0.1:8080
              net: tcp
              secret: 12345
              host: https://registry.example.com/base
              relativeurls: true
              trustedproxies: [10.0.0.0/8, "::1"]
            storage:
              filesystem: {rootdirectory: /srv/registry}
              delete: {enabled: false}
              maintenance:
                readonly: {enabled: yes}
                uploadpurging: {enabled: off, age: 1h30m, interval: 90000000000, dryrun: true}
            catalog: {maxentries: 50}
            tags: {maxtags: 60}
            validation:
              manifests:
                sparse: true
                indexes:
                  platforms: List
                  platformlist:
                    - {architecture: amd64, os: linux}
                    - {architecture: arm64, os: linux}
            """);

        Assert.Empty(warnings);
        Assert.Equal("10.0.0.1:8080", configuration.Http.Address.ToString());
        Assert.False(configuration.Http.IsAddressDefault);
        Assert.Equal("12345", configuration.Http.Secret?.Reveal());
        Assert.Equal(new Uri("https://registry.example.com/base"), configuration.Http.Host);
        Assert.True(configuration.Http.RelativeUrls);
        Assert.Equal(["10.0.0.0/8", "::1/128"], configuration.Http.TrustedProxies.Select(network => network.ToString()));
        Assert.Equal(LogLevel.Debug, configuration.LogLevel);
        Assert.Equal("/srv/registry", configuration.Storage.RootDirectory);
        Assert.False(configuration.Storage.IsDeleteEnabled);
        Assert.True(configuration.Storage.IsReadOnly);
        Assert.Equal(
            new UploadPurging { IsEnabled = false, Age = TimeSpan.FromMinutes(90), Interval = TimeSpan.FromSeconds(90), IsDryRun = true },
            configuration.Storage.UploadPurging);
        Assert.Equal((50, 60), (configuration.CatalogMaxEntries, configuration.TagsMaxTags));
        Assert.Equal(IndexPlatforms.List, configuration.Validation.IndexPlatforms);
        Assert.Equal([new Platform("linux", "amd64"), new Platform("linux", "arm64")], configuration.Validation.IndexPlatformList);
        Assert.True(configuration.Validation.IsSparseAllowed);
    }

    [Fact]
    public void A_file_of_the_distribution_registry_starts_with_a_warning_for_each_thing_that_has_no_effect()
    {
        var (configuration, warnings) = _fixture.LoadFile("""
            version: 0.1
            log:
              level: debug
              fields:
                service: registry
                environment: development
            storage:
              delete:
                enabled: true
              cache:
                blobdescriptor: inmemory
              filesystem:
                rootdirectory: /var/lib/registry
              maintenance:
                uploadpurging:
                  enabled: false
              tag:
                concurrencylimit: 8
            http:
              addr: :5000
              debug:
                addr: :5001
                prometheus:
                  enabled: true
                  path: /metrics
              headers:
                X-Content-Type-Options: [nosniff]
            health:
              storagedriver:
                enabled: true
                interval: 10s
                threshold: 3
            """);

        Assert.Equal("/var/lib/registry", configuration.Storage.RootDirectory);
        Assert.Equal(
            ["log.fields", "storage.cache", "storage.tag", "http.debug", "http.headers", "health"], warnings.Select(warning => warning.Key));
        Assert.All(warnings, warning => Assert.StartsWith("has no effect: ", warning.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Variables_win_over_the_file_which_wins_over_the_defaults()
    {
        var configuration = _fixture.LoadFile(
            "http: {addr: ':1', relativeurls: true}\nstorage: {filesystem: {rootdirectory: /file}}",
            ("REGISTRY_HTTP_ADDR", ":2")).Configuration;

        Assert.Equal(2, configuration.Http.Address.Port);
        Assert.True(configuration.Http.RelativeUrls);
        Assert.Equal("/file", configuration.Storage.RootDirectory);
        Assert.True(configuration.Storage.IsDeleteEnabled);
    }

    [Fact]
    public void The_variable_names_the_file_when_no_argument_does()
    {
        File.WriteAllText(_fixture.FilePath, "http: {addr: ':1'}");
        var environment = ConfigurationFixture.Variables(("REGISTRY_CONFIGURATION_PATH", _fixture.FilePath));

        var loaded = ConfigurationLoader.Load(null, environment);

        Assert.Equal(1, loaded.Configuration.Http.Address.Port);
        Assert.Empty(loaded.Warnings);
        Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(_fixture.FilePath + ".other", environment));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n...\n")]
    [InlineData("{}")]
    [InlineData("\ufeffversion: 0.1")]
    [InlineData("http:\nstorage:\nlog:\n  level:\n")]
    [InlineData("storage: filesystem")]
    [InlineData("auth: none")]
    [InlineData("auth: None")]
    [InlineData("version: '0.1'")]
    public void What_is_left_empty_is_the_default(string yaml)
    {
        var (configuration, warnings) = _fixture.LoadFile(yaml);

        Assert.Empty(warnings);
        Assert.Equal(ConfigurationFixture.Defaults, ConfigurationFixture.Describe(configuration));
    }

    [Fact]
    public void Deprecated_names_work_and_say_so()
    {
        var (configuration, warnings) = _fixture.LoadFile("loglevel: warn\nvalidation: {enabled: true, disabled: true}");

        Assert.Equal(LogLevel.Warning, configuration.LogLevel);
        Assert.Equal(IndexPlatforms.All, configuration.Validation.IndexPlatforms);
        Assert.Equal(["loglevel", "validation.enabled"], warnings.Select(warning => warning.Key));
        Assert.Equal(LogLevel.Error, _fixture.LoadFile("loglevel: warn\nlog: {level: error}").Configuration.LogLevel);
    }

    [Theory]
    [InlineData("validation: {disabled: true}", IndexPlatforms.None)]
    [InlineData("validation: {disabled: true, enabled: false}", IndexPlatforms.None)]
    [InlineData("validation: {disabled: false}", IndexPlatforms.All)]
    [InlineData("validation: {manifests: {indexes: {platforms: none}}}", IndexPlatforms.None)]
    public void Validation_switched_off_asks_for_no_manifest_of_an_index(string yaml, IndexPlatforms expected) =>
        Assert.Equal(expected, _fixture.LoadFile(yaml).Configuration.Validation.IndexPlatforms);

    [Theory]
    [InlineData("catalog: {maxentries: 0}")]
    [InlineData("catalog: {maxentries: -1}")]
    [InlineData("tags: {maxtags: 0}")]
    public void Page_sizes_that_are_not_positive_are_the_default(string yaml)
    {
        var configuration = _fixture.LoadFile(yaml).Configuration;
        Assert.Equal((1000, 1000), (configuration.CatalogMaxEntries, configuration.TagsMaxTags));
    }

    [Theory]
    [InlineData("version: 0.2", "version (config.yml, line 1): must be 0.1, not \"0.2\"")]
    [InlineData("\nlog: {level: loud}", "log.level (config.yml, line 2): must be error, warn, info or debug, not \"loud\"")]
    [InlineData("log: {level: [info]}", "log.level (config.yml, line 1): must be error, warn, info or debug")]
    [InlineData("http: {addr: 5000}", "http.addr (config.yml, line 1): must be host:port, or :5000 for every interface, not \"5000\"")]
    [InlineData("http: {net: unix}", "http.net (config.yml, line 1): must be tcp: Berth does not listen on unix sockets yet, not \"unix\"")]
    [InlineData("http: {relativeurls: \"true\"}", "http.relativeurls (config.yml, line 1): must be true or false, without quotes, not \"true\"")]
    [InlineData("http: {trustedproxies: 10.0.0.1}", "http.trustedproxies (config.yml, line 1): must be a list, such as [a, b]")]
    [InlineData("http: [addr]", "http (config.yml, line 1): must be a section with addr, debug, draintimeout, h2c, headers, host, http2, net, prefix, relativeurls, secret, tls, trustedproxies")]
    [InlineData("http: {headers: {a: b}}", "http.headers.a (config.yml, line 1): must be a list, such as [a, b]")]
    [InlineData("tags: {maxtags: -1}", "tags.maxtags (config.yml, line 1): must be at least 0")]
    [InlineData("tags: {maxtags: 1.5}", "tags.maxtags (config.yml, line 1): must be a whole number, not \"1.5\"")]
    [InlineData("tags: {maxtags: 3000000000}", "tags.maxtags (config.yml, line 1): must be a whole number, not \"3000000000\"")]
    [InlineData("storage: {filesystem: {rootdirectory: ''}}", "storage.filesystem.rootdirectory (config.yml, line 1): must be the path of a folder")]
    [InlineData("storage: {filesystem: {rootdirectory: \"a\\0b\"}}", "storage.filesystem.rootdirectory (config.yml, line 1): must be the path of a folder")]
    [InlineData("storage: {filesystem: {rootdirectory: [a]}}", "storage.filesystem.rootdirectory (config.yml, line 1): must be text; put quotes around it")]
    [InlineData("validation: {manifests: {indexes: {platforms: some}}}", "validation.manifests.indexes.platforms (config.yml, line 1): must be all, none or list, not \"some\"")]
    [InlineData("validation: {manifests: {indexes: {platformlist: [{os: linux}]}}}", "validation.manifests.indexes.platformlist[0] (config.yml, line 1): must be a map with os and architecture")]
    public void A_wrong_value_is_named_with_its_line_and_what_is_allowed(string yaml, string message) =>
        Assert.Equal(message, _fixture.MistakeIn(yaml));

    [Theory]
    [InlineData("age", "168")]
    [InlineData("age", "-1h")]
    [InlineData("age", "soon")]
    [InlineData("interval", "0")]
    [InlineData("interval", "2000h")]
    [InlineData("interval", "[]")]
    public void A_duration_that_would_do_harm_is_refused(string key, string value) =>
        Assert.StartsWith(
            $"storage.maintenance.uploadpurging.{key} (config.yml, line 1): must be ",
            _fixture.MistakeIn($"storage: {{maintenance: {{uploadpurging: {{{key}: {value}}}}}}}"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("registry.example.com")]
    [InlineData("registry.example.com:5000")]
    [InlineData("/registry")]
    [InlineData("ftp://registry.example.com")]
    [InlineData("https://")]
    [InlineData("https://user:hunter2@registry.example.com")]
    [InlineData("https://registry.example.com/?hunter2")]
    [InlineData("'https://registry.example.com/#hunter2'")]
    public void A_host_that_is_no_URL_is_refused_and_not_shown(string host)
    {
        var mistake = _fixture.MistakeIn($"http: {{host: {host}}}");

        Assert.StartsWith("http.host (config.yml, line 1): must be a URL such as", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        var mistakes = _fixture.MistakesIn(
            "http:\n  addr: x\n  sekret: y\nlog: {level: loud}\nlog: {}\nstorage: {oss: {bucket: b}}\n",
            ("REGISTRY_TAGS_MAXTAGS", "many"));

        Assert.Equal(["http.addr", "http.sekret", "log.level", "log", "storage.oss", "tags.maxtags"], mistakes.Select(mistake => mistake.Key));
        Assert.Equal("REGISTRY_TAGS_MAXTAGS", mistakes[^1].Origin.ToString());
    }

    [Fact]
    public void A_file_that_is_all_mistakes_has_a_short_message()
    {
        File.WriteAllText(_fixture.FilePath, string.Concat(Enumerable.Range(0, 5000).Select(number => $"wrong{number}: 1\n")));

        var exception = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(_fixture.FilePath, ConfigurationFixture.Variables()));

        Assert.Equal(5000, exception.Problems.Count);
        Assert.Equal(52, exception.Message.Split('\n').Length);
        Assert.EndsWith("and 4950 more", exception.Message, StringComparison.Ordinal);
    }
}
