namespace Berth.Server.Tests.Conformance.Main;

/// <summary>The suite's tests of blobs, with each algorithm: ways to push, mounts, ranges, known contents, wrong digests.</summary>
public sealed class BlobTests(ConformanceRegistry registry) : IClassFixture<ConformanceRegistry>
{
    private const string Repository = "conformance/repo1";
    private const string Other = "conformance/repo2";

    private readonly ConformanceClient _client = new(registry.Client);

    public static TheoryData<string> Algorithms => new("sha256", "sha512");

    public static MatrixTheoryData<string, BlobPushWay> Ways => new(["sha256", "sha512"], Enum.GetValues<BlobPushWay>());

    public static MatrixTheoryData<string, string, BlobPushWay> KnownContents =>
        new(["sha256", "sha512"], ["", "{}"], Enum.GetValues<BlobPushWay>());

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_blob_that_was_not_pushed_is_404(string algorithm)
    {
        var (digest, _) = Generate(algorithm, 512);

        using var missing = await _client.GetAsync($"/v2/{Repository}/blobs/{digest}");

        await missing.AssertStatusAsync(404);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_blob_is_pushed_in_every_way_pulled_and_deleted(string algorithm, BlobPushWay way)
    {
        foreach (var size in new[] { 512, BlobPush.ChunkSize * 3 - 5 })
        {
            var (digest, content) = Generate(algorithm, size);

            await new BlobPush(_client, Repository, digest, content).PushAsync(way);

            await PullAndDeleteAsync(digest, content);
        }
    }

    [Theory]
    [MemberData(nameof(KnownContents))]
    public async Task The_empty_blob_and_the_empty_object_are_blobs(string algorithm, string text, BlobPushWay way)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(text);
        var digest = DigestOf(algorithm, content);

        await new BlobPush(_client, Repository, digest, content).PushAsync(way);
        await PullAndDeleteAsync(digest, content);

        // Go frames a body whose size is 0 as one of unknown size.
        await new BlobPush(new ConformanceClient(registry.Client, isChunked: true), Repository, digest, content).PushAsync(way);
        await PullAndDeleteAsync(digest, content);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_blob_is_mounted_from_a_repository_and_from_anywhere(string algorithm)
    {
        foreach (var source in new[] { Other, null })
        {
            var (digest, content) = Generate(algorithm, 512);
            await new BlobPush(_client, Other, digest, content).PushAsync(BlobPushWay.PostPut);

            Assert.True(await new BlobPush(_client, Repository, digest, content).MountAsync(source));

            await PullAndDeleteAsync(digest, content);
            await DeleteAsync(Other, digest);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_blob_may_be_mounted_where_it_is_already(string algorithm)
    {
        var (digest, content) = Generate(algorithm, 512);
        await new BlobPush(_client, Repository, digest, content).PushAsync(BlobPushWay.PostPut);

        Assert.True(await new BlobPush(_client, Repository, digest, content).MountAsync(Repository));
        Assert.True(await new BlobPush(_client, Repository, digest, content).MountAsync(source: null));

        await PullAndDeleteAsync(digest, content);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Mounting_a_blob_that_is_not_there_falls_back_to_an_upload(string algorithm)
    {
        var (digest, content) = Generate(algorithm, 512);

        Assert.False(await new BlobPush(_client, Repository, digest, content).MountAsync(Other));
        await PullAndDeleteAsync(digest, content);

        await new BlobPush(_client, Other, digest, content).PushAsync(BlobPushWay.PostPut);
        Assert.False(await new BlobPush(_client, Repository, digest, content).MountAsync("conformance/repo3"));
        await PullAndDeleteAsync(digest, content);
        await DeleteAsync(Other, digest);
    }

    [Theory]
    [InlineData("sha256", "sha256")]
    [InlineData("sha512", "sha512")]
    [InlineData("sha512", "sha256")]
    [InlineData("sha256", "sha512")]
    public async Task The_algorithm_may_be_announced_and_the_digest_decides(string announced, string algorithm)
    {
        var (digest, content) = Generate(algorithm, 512);
        using var started = await _client.PostAsync($"/v2/{Repository}/blobs/uploads/?digest-algorithm={announced}");
        await started.AssertStatusAsync(202);

        using var patched = await _client.SendAsync("PATCH", started.Locate(), content);
        using var put = await _client.SendAsync("PUT", ConformanceClient.Set(patched.Locate(), ("digest", digest.Value)));

        await put.AssertStatusAsync(201);
        await PullAndDeleteAsync(digest, content);
    }

    [Fact]
    public async Task An_algorithm_that_nobody_knows_is_400()
    {
        using var started = await _client.PostAsync($"/v2/{Repository}/blobs/uploads/?digest-algorithm=md4");
        using var pushed = await _client.SendAsync("POST", $"/v2/{Repository}/blobs/uploads/?digest=md4:0123", [1]);

        await started.AssertStatusAsync(400);
        await pushed.AssertStatusAsync(400);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task An_upload_can_be_cancelled(string algorithm)
    {
        var (digest, content) = Generate(algorithm, 512);

        await new BlobPush(_client, Repository, digest, content).CancelAsync();

        await DeleteAsync(Repository, digest, 404);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_wrong_digest_is_400_in_every_way(string algorithm, BlobPushWay way)
    {
        var (digest, content) = Generate(algorithm, BlobPush.ChunkSize * 3 - 5);
        byte[] corrupt = [.. content, .. "oh no"u8];

        await new BlobPush(_client, Repository, digest, corrupt, isDigestWrong: true).PushAsync(way);

        using var missing = await _client.HeadAsync($"/v2/{Repository}/blobs/{digest}");
        await missing.AssertStatusAsync(404);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Ranges_are_sent_as_asked_or_refused(string algorithm)
    {
        var (digest, content) = Generate(algorithm, 2048);
        await new BlobPush(_client, Repository, digest, content).PushAsync(BlobPushWay.PostPut);

        foreach (var (range, first, last) in new[]
        {
            ("500-1499", 500, 1499),
            ("500-", 500, 2047),
            ("-500", 1548, 2047),
            ("2000-5000", 2000, 2047),
        })
        {
            using var part = await _client.GetAsync($"/v2/{Repository}/blobs/{digest}", ("Range", $"bytes={range}"));
            await part.AssertStatusAsync(206);
            part.AssertLength(last - first + 1);
            part.AssertHeader("Content-Range", $"bytes {first}-{last}/2048");
            await part.AssertBodyAsync(content[first..(last + 1)]);
        }

        foreach (var range in new[] { "500-0", "5000-10000" })
        {
            using var refused = await _client.GetAsync($"/v2/{Repository}/blobs/{digest}", ("Range", $"bytes={range}"));
            await refused.AssertStatusAsync(416);
        }

        await PullAndDeleteAsync(digest, content);
    }

    private static (Digest Digest, byte[] Content) Generate(string algorithm, int size)
    {
        var content = Protocol.RegistryClient.RandomBytes(size);
        return (DigestOf(algorithm, content), content);
    }

    private static Digest DigestOf(string algorithm, byte[] content)
    {
        Assert.True(DigestAlgorithm.TryParse(algorithm, out var parsed));
        return Digest.Of(content, parsed);
    }

    private async Task PullAndDeleteAsync(Digest digest, byte[] content)
    {
        using var head = await _client.HeadAsync($"/v2/{Repository}/blobs/{digest}");
        await head.AssertStatusAsync(200);
        head.AssertLength(content.Length);
        head.AssertDigest(digest);
        await head.AssertBodyAsync([]);

        using var pulled = await _client.GetAsync($"/v2/{Repository}/blobs/{digest}");
        await pulled.AssertStatusAsync(200);
        pulled.AssertLength(content.Length);
        pulled.AssertDigest(digest);
        await pulled.AssertBodyAsync(content);

        await DeleteAsync(Repository, digest);
    }

    private async Task DeleteAsync(string repository, Digest digest, int expected = 202)
    {
        using var deleted = await _client.DeleteAsync($"/v2/{repository}/blobs/{digest}");
        await deleted.AssertStatusAsync(expected);
        using var gone = await _client.HeadAsync($"/v2/{repository}/blobs/{digest}");
        await gone.AssertStatusAsync(404);
    }
}
