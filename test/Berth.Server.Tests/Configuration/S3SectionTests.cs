using Berth.Server.Hosting;

namespace Berth.Server.Tests.Configuration;

public sealed class S3SectionTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("s3")]
    [InlineData("s3aws")]
    public void A_bucket_takes_the_place_of_the_folder(string name)
    {
        var loaded = _fixture.LoadFile(
            $"storage:\n  {name}:\n    bucket: images\n    region: eu-central-1\n    chunksize: '6291456'\n    rootdirectory: /berth\n");

        var options = BerthOptions.From(loaded.Configuration).S3!;
        Assert.Empty(loaded.Warnings);
        Assert.Equal(("images", "eu-central-1", 6291456L, "/berth"), (options.Bucket, options.Region, options.ChunkSize, options.RootDirectory));
        Assert.Null(BerthOptions.From(new()).S3);
    }

    [Fact]
    public void Everything_can_come_from_variables()
    {
        var options = ConfigurationFixture.LoadVariables(
            ("REGISTRY_STORAGE", "s3"),
            ("REGISTRY_STORAGE_S3_BUCKET", "images"),
            ("REGISTRY_STORAGE_S3_REGIONENDPOINT", "http://localhost:9000"),
            ("REGISTRY_STORAGE_S3_FORCEPATHSTYLE", "true"),
            ("REGISTRY_STORAGE_S3_ACCESSKEY", "a"),
            ("REGISTRY_STORAGE_S3_SECRETKEY", "s#1")).Configuration.Storage.S3!;

        Assert.Equal(("images", "http://localhost:9000", true, "a", "s#1"),
            (options.Bucket, options.RegionEndpoint, options.ForcePathStyle, options.AccessKey, options.SecretKey));
    }

    [Theory]
    [InlineData("storage: s3", "storage.s3.bucket", "storage.s3.region")]
    [InlineData("storage: {s3: }", "storage.s3.bucket", "storage.s3.region")]
    [InlineData("storage: {s3: {bucket: b, region: nowhere}}", "storage.s3.region")]
    [InlineData("storage: {filesystem: {rootdirectory: /srv}, s3: {bucket: b, region: eu-central-1}}", "storage.s3")]
    [InlineData("storage: {s3aws: {bucket: b, region: eu-central-1}, s3: {bucket: b, region: eu-central-1}}", "storage.s3")]
    [InlineData("storage: {s3: {bucket: b, region: eu-central-1, chunksize: 1}}", "storage.s3.chunksize")]
    public void What_is_wrong_is_told_by_its_key(string yaml, params string[] keys) =>
        Assert.Equal(keys, _fixture.MistakesIn(yaml).Select(mistake => mistake.Key));

    [Theory]
    [InlineData("v4auth: false")]
    [InlineData("loglevel: debug")]
    [InlineData("multipartcopychunksize: 33554432")]
    [InlineData("accesskey: a")]
    public void What_has_no_effect_is_warned_of(string setting) =>
        Assert.Single(_fixture.LoadFile($"storage: {{s3: {{bucket: b, region: eu-central-1, {setting}}}}}").Warnings);

    [Fact]
    public void A_secret_is_not_shown()
    {
        var configuration = _fixture.LoadFile("storage: {s3: {bucket: b, region: eu-central-1, accesskey: a, secretkey: hunter2}}").Configuration;

        Assert.DoesNotContain("hunter2", configuration.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", BerthOptions.From(configuration).ToString(), StringComparison.Ordinal);
    }
}
