namespace Berth.Storage.S3.Tests;

public sealed class S3OptionsTests
{
    private static readonly S3Options Good = new() { Bucket = "b", Region = "eu-central-1" };

    public static TheoryData<string, S3Options> Mistakes => new()
    {
        { "bucket", Good with { Bucket = "" } },
        { "region", Good with { Region = null } },
        { "region", Good with { Region = "nowhere-1" } },
        { "regionendpoint", Good with { RegionEndpoint = "http://a b" } },
        { "regionendpoint", Good with { RegionEndpoint = "ftp://host" } },
        { "regionendpoint", Good with { RegionEndpoint = "https://host/path" } },
        { "chunksize", Good with { ChunkSize = (5 * 1024 * 1024) - 1 } },
        { "chunksize", Good with { ChunkSize = (5L * 1024 * 1024 * 1024) + 1 } },
        { "storageclass", Good with { StorageClass = "GLACIER" } },
        { "objectacl", Good with { ObjectAcl = "everybody" } },
        { "redirectendpoint", Good with { RedirectEndpoint = "cdn.example.com" } },
        { "redirectendpoint", Good with { RedirectEndpoint = "https://cdn.example.com/path" } },
        { "redirectendpoint", Good with { RedirectEndpoint = "https://cdn.example.com?a=b" } },
    };

    public static TheoryData<S3Options> Rights =>
    [
        Good,
        Good with { Region = null, RegionEndpoint = "s3.example.com:9000" },
        Good with { Region = "any", RegionEndpoint = "http://s3.example.com" },
        Good with { StorageClass = "standard_ia", ObjectAcl = "bucket-owner-full-control" },
        Good with { RedirectEndpoint = "https://cdn.example.com" },
    ];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_found_by_its_key(string key, S3Options options) => Assert.Equal(key, Assert.Single(options.FindMistakes()).Key);

    [Theory]
    [MemberData(nameof(Rights))]
    public void What_is_right_is_no_mistake(S3Options options) => Assert.Empty(options.FindMistakes());

    [Theory]
    [InlineData("host:9000", true, "https://host:9000/")]
    [InlineData("host:9000", false, "http://host:9000/")]
    [InlineData("http://host", true, "http://host/")]
    public void An_endpoint_without_a_scheme_is_as_secure_as_the_options_say(string endpoint, bool isSecure, string address) =>
        Assert.Equal(address, (Good with { RegionEndpoint = endpoint, Secure = isSecure }).Endpoint?.ToString());

    [Fact]
    public void Options_do_not_show_their_secret() =>
        Assert.DoesNotContain("secret", (Good with { AccessKey = "a", SecretKey = "secret" }).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(5, 448)]
    [InlineData(10, 505)]
    [InlineData(64, 625)]
    [InlineData(5 * 1024, 625)]
    public void Parts_grow_so_that_an_object_can_be_large_and_never_beyond_64_MiB(int chunkSize, int largest)
    {
        const long mib = 1024 * 1024;
        using var limits = new PartLimits(chunkSize * mib);
        var sizes = Enumerable.Range(0, PartLimits.MostParts).Select(parts => (long)limits.SizeAfter(parts)).ToList();

        Assert.Equal(Math.Min(chunkSize, 64) * mib, sizes[0]);
        Assert.Equal(64 * mib, sizes.Max());
        Assert.Equal(largest, sizes.Sum() / (1024 * mib));
    }
}
