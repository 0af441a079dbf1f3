using Berth.Server.Hosting;

namespace Berth.Server.Tests.Configuration;

public sealed class AzureSectionTests : IDisposable
{
    private const string Good = "accountname: a, container: c, accountkey: c2VjcmV0, credentials: {type: shared_key}";

    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_container_takes_the_place_of_the_folder()
    {
        var loaded = _fixture.LoadFile($"storage: {{azure: {{{Good}, max_retries: 2, retry_delay: 1s, rootdirectory: /berth}}}}");

        var options = BerthOptions.From(loaded.Configuration).Azure!;
        Assert.Empty(loaded.Warnings);
        Assert.Equal(("a", "c", "shared_key", "c2VjcmV0", 2, TimeSpan.FromSeconds(1), "/berth"),
            (options.AccountName, options.Container, options.CredentialsType, options.AccountKey, options.MaxRetries, options.RetryDelay, options.RootDirectory));
        Assert.Null(BerthOptions.From(new()).Azure);
    }

    [Fact]
    public void A_folder_is_needed_by_the_embedded_database_only()
    {
        var options = BerthOptions.From(_fixture.LoadFile($"storage: {{azure: {{{Good}}}}}").Configuration);

        Assert.True(options.NeedsDataFolder);
        Assert.False((options with { Postgres = new() { ConnectionString = "Host=db" } }).NeedsDataFolder);
    }

    [Theory]
    [InlineData("storage: azure", "storage.azure.accountname", "storage.azure.container", "storage.azure.credentials.type")]
    [InlineData("storage: {azure: {accountname: a, container: c, credentials: {type: shared_key}}}", "storage.azure.accountkey")]
    [InlineData("storage: {azure: {accountname: a, container: c, credentials: {type: client_secret, clientid: i, secret: s}}}", "storage.azure.credentials.tenantid")]
    [InlineData("storage: {filesystem: {rootdirectory: /srv}, azure: {" + Good + "}}", "storage.azure")]
    [InlineData("storage: {s3: {bucket: b, region: eu-central-1}, azure: {" + Good + "}}", "storage.azure")]
    public void What_is_wrong_is_told_by_its_key(string yaml, params string[] keys) =>
        Assert.Equal(keys, _fixture.MistakesIn(yaml).Select(mistake => mistake.Key));

    [Fact]
    public void What_has_no_effect_is_warned_of() =>
        Assert.Single(_fixture.LoadFile($"storage: {{azure: {{{Good}, connectionstring: x}}}}").Warnings);

    [Fact]
    public void A_secret_is_not_shown()
    {
        var configuration = _fixture.LoadFile($"storage: {{azure: {{{Good}}}}}").Configuration;

        Assert.DoesNotContain("c2VjcmV0", configuration.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", BerthOptions.From(configuration).ToString(), StringComparison.Ordinal);
    }
}
