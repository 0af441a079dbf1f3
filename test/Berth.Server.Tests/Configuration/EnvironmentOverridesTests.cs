using Berth.Server.Configuration;
using Berth.Uploads;

namespace Berth.Server.Tests.Configuration;

public sealed class EnvironmentOverridesTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED", "true")]
    [InlineData("REGISTRY_STORAGE_MAINTENANCE_READONLY", """{"enabled":true}""")]
    [InlineData("REGISTRY_STORAGE_MAINTENANCE", "{readonly: {enabled: true}}")]
    [InlineData("REGISTRY_STORAGE", "maintenance:\n  readonly:\n    enabled: true\n")]
    public void A_variable_can_hold_a_value_or_the_section_around_it(string name, string value) =>
        Assert.True(ConfigurationFixture.LoadVariables((name, value)).Configuration.Storage.IsReadOnly);

    [Fact]
    public void A_section_replaces_the_one_in_the_file_and_its_children_come_after_it()
    {
        var options = _fixture.LoadFile(
            "storage: {maintenance: {uploadpurging: {age: 1h, interval: 1h, dryrun: true}}}",
            ("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_AGE", "2h"),
            ("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING", "{age: 3h, interval: 3h}")).Configuration.Storage.UploadPurging;

        Assert.Equal(new UploadPurging { Age = TimeSpan.FromHours(2), Interval = TimeSpan.FromHours(3) }, options);
    }

    [Fact]
    public void A_section_named_by_one_variable_is_filled_by_another()
    {
        var options = ConfigurationFixture.LoadVariables(
            ("REGISTRY_AUTH", "none"),
            ("REGISTRY_STORAGE", "filesystem"),
            ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/srv")).Configuration.Storage;

        Assert.Equal("/srv", options.RootDirectory);
    }

    [Fact]
    public void A_driver_named_by_a_variable_is_not_lost_when_another_adds_to_the_section() =>
        Assert.StartsWith(
            "storage.oss (REGISTRY_STORAGE): Berth stores in a folder, in S3, in Azure or in Google Cloud Storage",
            _fixture.MistakeIn("", ("REGISTRY_STORAGE", "oss"), ("REGISTRY_STORAGE_DELETE_ENABLED", "true")),
            StringComparison.Ordinal);

    [Fact]
    public void An_empty_variable_restores_the_default()
    {
        var loaded = _fixture.LoadFile("http: {addr: ':1'}", ("REGISTRY_HTTP_ADDR", ""));
        Assert.True(loaded.Configuration.Http.IsAddressDefault);
    }

    [Fact]
    public void A_list_grows_by_its_next_index_in_the_order_of_numbers()
    {
        var variables = Enumerable.Range(0, 12).Select(index => ($"REGISTRY_HTTP_TRUSTEDPROXIES_{index}", $"10.0.0.{index}")).Reverse().ToArray();

        var networks = _fixture.LoadFile("http: {trustedproxies: [192.168.0.0/16]}", variables).Configuration.Http.TrustedProxies;

        Assert.Equal(Enumerable.Range(0, 12).Select(index => $"10.0.0.{index}/32"), networks.Select(network => network.ToString()));
    }

    [Fact]
    public void An_index_that_leaves_a_gap_is_refused() =>
        Assert.Equal(
            "REGISTRY_HTTP_TRUSTEDPROXIES_2: leaves a gap: the list has 1 items, so the next index is 1",
            _fixture.MistakeIn("http: {trustedproxies: [10.0.0.1]}", ("REGISTRY_HTTP_TRUSTEDPROXIES_2", "10.0.0.2")));

    [Fact]
    public void Items_of_a_list_of_maps_are_reached_by_index_and_name()
    {
        var validation = ConfigurationFixture.LoadVariables(
            ("REGISTRY_VALIDATION_MANIFESTS_INDEXES_PLATFORMLIST_0_OS", "linux"),
            ("REGISTRY_VALIDATION_MANIFESTS_INDEXES_PLATFORMLIST_0_ARCHITECTURE", "arm64")).Configuration.Validation;

        Assert.Equal([new("linux", "arm64")], validation.IndexPlatformList);
    }

    [Fact]
    public void A_name_with_an_underscore_of_its_own_is_found()
    {
        var root = YamlValue.OfMap([], new Origin("file"));
        EnvironmentOverrides.Apply(root, ConfigurationFixture.Variables(("REGISTRY_STORAGE_AZURE_MAX_RETRIES", "3")), new());
        Assert.Equal("3", root.Map!["storage"].Map!["azure"].Map!["max_retries"].Text);
    }

    [Fact]
    public void A_name_in_a_map_is_made_in_lower_case_unless_the_file_has_it()
    {
        var origin = new Origin("file");
        var headers = YamlValue.OfMap(new() { ["X-Frame-Options"] = YamlValue.OfItems([], origin) }, origin);
        var root = YamlValue.OfMap(new() { ["http"] = YamlValue.OfMap(new() { ["headers"] = headers }, origin) }, origin);

        EnvironmentOverrides.Apply(
            root,
            ConfigurationFixture.Variables(("REGISTRY_HTTP_HEADERS_X-FRAME-OPTIONS", "[DENY]"), ("REGISTRY_HTTP_HEADERS_Server", "[x]")),
            new());

        Assert.Equal(["X-Frame-Options", "server"], headers.Map!.Keys);
        Assert.Equal("DENY", headers.Map!["X-Frame-Options"].Items![0].Text);
    }

    [Theory]
    [InlineData("REGISTRY_PORT", "tcp://10.0.0.1:5000")]
    [InlineData("REGISTRY_SERVICE_HOST", "10.0.0.1")]
    [InlineData("REGISTRY_PORT_5000_TCP_ADDR", "10.0.0.1")]
    [InlineData("REGISTRY_HTTP_PORT", "tcp://10.0.0.1:80")]
    [InlineData("REGISTRY_HTTP_ADDR_MORE", "x")]
    [InlineData("REGISTRY_HTTP_TRUSTEDPROXIES_X", "10.0.0.1")]
    [InlineData("REGISTRY_HTTP_TRUSTEDPROXIES_", "10.0.0.1")]
    [InlineData("REGISTRY_VERSION", "3.0.0")]
    [InlineData("REGISTRY_", "x")]
    [InlineData("REGISTRY__", "x")]
    [InlineData("REGISTRY_HTTP_", "x")]
    [InlineData("REGISTRY_HTTPADDR", "x")]
    public void A_variable_that_matches_no_key_only_warns(string name, string value)
    {
        var (configuration, warnings) = ConfigurationFixture.LoadVariables((name, value));

        Assert.StartsWith($"{name}: matches no key and is ignored", Assert.Single(warnings).ToString(), StringComparison.Ordinal);
        Assert.Equal(ConfigurationFixture.Defaults, ConfigurationFixture.Describe(configuration));
    }

    [Fact]
    public void A_variable_of_Kubernetes_is_not_taken_for_a_mistyped_one() =>
        Assert.Equal(
            "REGISTRY_PORT: matches no key and is ignored",
            Assert.Single(ConfigurationFixture.LoadVariables(("REGISTRY_PORT", "tcp://10.0.0.1:5000")).Warnings).ToString());

    [Fact]
    public void A_mistyped_variable_is_told_the_nearest() =>
        Assert.Equal(
            "REGISTRY_HTTP_ADRR: matches no key and is ignored; did you mean REGISTRY_HTTP_ADDR?",
            Assert.Single(ConfigurationFixture.LoadVariables(("REGISTRY_HTTP_ADRR", ":1")).Warnings).ToString());

    [Theory]
    [InlineData("p#ss word # more")]
    [InlineData("*star")]
    [InlineData("@at")]
    [InlineData("`tick`")]
    [InlineData("%percent")]
    [InlineData("&and or")]
    [InlineData("!bang")]
    [InlineData("{open")]
    [InlineData("\"open")]
    [InlineData("a\tb")]
    [InlineData("--- x")]
    public void A_secret_that_YAML_would_spoil_is_taken_as_it_stands(string secret) =>
        Assert.Equal(secret, ConfigurationFixture.LoadVariables(("REGISTRY_HTTP_SECRET", secret)).Configuration.Http.Secret?.Reveal());

    [Theory]
    [InlineData("'quoted # text'", "quoted # text")]
    [InlineData("\"a\\tb\"", "a\tb")]
    [InlineData("|\n  two\n  lines\n", "two\nlines\n")]
    public void Quotes_of_YAML_are_read_as_YAML(string value, string secret) =>
        Assert.Equal(secret, ConfigurationFixture.LoadVariables(("REGISTRY_HTTP_SECRET", value)).Configuration.Http.Secret?.Reveal());

    [Fact]
    public void A_wrong_key_inside_a_variable_names_the_variable() =>
        Assert.Equal(
            "storage.maintenance.readonly.enabeld (REGISTRY_STORAGE_MAINTENANCE_READONLY): unknown key;"
            + " did you mean storage.maintenance.readonly.enabled?",
            _fixture.MistakeIn("", ("REGISTRY_STORAGE_MAINTENANCE_READONLY", "{enabeld: true}")));

    [Fact]
    public void A_variable_does_not_hide_that_the_file_is_wrong_above_it() =>
        Assert.StartsWith(
            "http (config.yml, line 1): must be a section",
            _fixture.MistakeIn("http: 5", ("REGISTRY_HTTP_ADDR", ":1")),
            StringComparison.Ordinal);

    [Fact]
    public void A_name_that_goes_on_and_on_is_no_key()
    {
        var name = $"REGISTRY_AUTH_NONE{string.Concat(Enumerable.Repeat("_A", 50_000))}";
        Assert.Contains("matches no key", Assert.Single(ConfigurationFixture.LoadVariables((name, "x")).Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_does_not_change_what_an_alias_shares()
    {
        var validation = _fixture.LoadFile(
            "validation: {manifests: {indexes: {platformlist: [&p {os: linux, architecture: amd64}, *p]}}}",
            ("REGISTRY_VALIDATION_MANIFESTS_INDEXES_PLATFORMLIST_1_ARCHITECTURE", "arm64")).Configuration.Validation;

        Assert.Equal([new("linux", "amd64"), new("linux", "arm64")], validation.IndexPlatformList);
    }
}
