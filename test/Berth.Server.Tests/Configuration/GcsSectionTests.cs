using Berth.Server.Hosting;

namespace Berth.Server.Tests.Configuration;

public sealed class GcsSectionTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_bucket_takes_the_place_of_the_folder()
    {
        var loaded = _fixture.LoadFile(
            "storage: {gcs: {bucket: b, keyfile: /key.json, rootdirectory: /berth, chunksize: 524288, maxconcurrency: 25, useragent: u}}");

        var options = BerthOptions.From(loaded.Configuration).Gcs!;
        Assert.Empty(loaded.Warnings);
        Assert.Equal(("b", "/key.json", "/berth", 524288, 25, "u"),
            (options.Bucket, options.KeyFile, options.RootDirectory, options.ChunkSize, options.MaxConcurrency, options.UserAgent));
        Assert.Null(options.Credentials);
        Assert.Null(BerthOptions.From(new()).Gcs);
    }

    [Fact]
    public void A_folder_is_needed_by_the_embedded_database_only()
    {
        var options = BerthOptions.From(_fixture.LoadFile("storage: {gcs: {bucket: b}}").Configuration);

        Assert.True(options.NeedsDataFolder);
        Assert.False((options with { Postgres = new() { ConnectionString = "Host=db" } }).NeedsDataFolder);
    }

    [Theory]
    [InlineData("storage: gcs", "storage.gcs.bucket")]
    [InlineData("storage: {gcs: }", "storage.gcs.bucket")]
    [InlineData("storage: {gcs: {bucket: b, chunksize: 262145}}", "storage.gcs.chunksize")]
    [InlineData("storage: {gcs: {bucket: b, maxconcurrency: 0}}", "storage.gcs.maxconcurrency")]
    [InlineData("storage: {filesystem: {rootdirectory: /srv}, gcs: {bucket: b}}", "storage.gcs")]
    [InlineData("storage: {s3: {bucket: b, region: eu-central-1}, gcs: {bucket: b}}", "storage.gcs")]
    [InlineData(
        "storage: {gcs: {bucket: b, credentials: {type: service_account}}}", "storage.gcs.credentials.client_email", "storage.gcs.credentials.private_key")]
    public void What_is_wrong_is_told_by_its_key(string yaml, params string[] keys) =>
        Assert.Equal(keys, _fixture.MistakesIn(yaml).Select(mistake => mistake.Key));

    [Fact]
    public void A_secret_is_not_shown()
    {
        var key = ConfigurationKeyTests.PrivateKey;
        var configuration = ConfigurationFixture.LoadVariables(
            ("REGISTRY_STORAGE_GCS_BUCKET", "b"),
            ("REGISTRY_STORAGE_GCS_CREDENTIALS_TYPE", "service_account"),
            ("REGISTRY_STORAGE_GCS_CREDENTIALS_CLIENT_EMAIL", "a@b"),
            ("REGISTRY_STORAGE_GCS_CREDENTIALS_PRIVATE_KEY", key)).Configuration;

        Assert.NotNull(configuration.Storage.Gcs!.Credentials);
        Assert.DoesNotContain(key.Split('\n')[1], configuration.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('\n')[1], BerthOptions.From(configuration).ToString(), StringComparison.Ordinal);
    }
}
