using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Berth.Storage.Gcs.Tests;

/// <summary>What is wrong with a bucket is said at the start, in words that help.</summary>
public sealed class StartTests(BucketFixture bucket) : IClassFixture<BucketFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_leaves_nothing_in_the_bucket()
    {
        var options = bucket.NewOptions();

        using var store = await OpenAsync(options);

        Assert.Empty(bucket.Names(options));
    }

    [Fact]
    public async Task A_missing_bucket_is_named()
    {
        var fault = await RefusedAsync(bucket.NewOptions() with { Bucket = "no-such-bucket" });

        Assert.False(fault.IsTransient);
        Assert.Contains("there is no such bucket", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_option_is_named()
    {
        var fault = await RefusedAsync(bucket.NewOptions() with { ChunkSize = 1 });

        Assert.False(fault.IsTransient);
        Assert.Contains("chunksize", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_refused()
    {
        var late = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1));

        var fault = await Assert.ThrowsAsync<StorageException>(
            () => GcsBlobStore.OpenAsync(bucket.NewOptions(), late, NullLogger<GcsBlobStore>.Instance, Token));

        Assert.False(fault.IsTransient);
        Assert.Contains("clock", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/upload/", 403, "forbidden", "failed to write an object: the credentials do not allow it")]
    [InlineData("POST", "/compose", 403, "forbidden", "failed to put an object together: the credentials do not allow it")]
    [InlineData("GET", "alt=media", 403, "forbidden", "failed to read an object: the credentials do not allow it")]
    [InlineData("GET", "prefix=", 403, "forbidden", "failed to list objects: the credentials do not allow it")]
    [InlineData("DELETE", "", 403, "forbidden", "failed to delete an object: the credentials do not allow it")]
    [InlineData("DELETE", "", 403, "retentionPolicyNotMet", "a policy of the bucket forbids")]
    [InlineData("POST", "/upload/", 401, "authError", "the credentials are wrong, or the clock")]
    [InlineData("POST", "/upload/", 403, "userProjectAccountProblem", "its bills are not paid")]
    public async Task What_is_refused_is_put_into_words(string method, string target, int status, string reason, string words)
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        var body = $$$"""{"error":{"code":{{{status}}},"message":"hunter2 has no access","errors":[{"reason":"{{{reason}}}","message":"hunter2"}]}}""";
        proxy.Break(
            request => request.Method == method && request.Target.Contains(target, StringComparison.Ordinal),
            new ProxyFault(Instead: HttpMessage.Answer(status, body)),
            times: 50);

        var fault = await RefusedAsync(bucket.NewOptions() with { EmulatorHost = proxy.Address.Authority });

        Assert.False(fault.IsTransient);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_that_answers_is_no_bucket()
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        proxy.Break(_ => true, new ProxyFault(Instead: HttpMessage.Answer(404, "<html>nginx")), times: 50);

        var fault = await RefusedAsync(bucket.NewOptions() with { EmulatorHost = proxy.Address.Authority });

        Assert.False(fault.IsTransient);
        Assert.Contains("it is not there (404)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_keeps_what_it_is_told_to_delete_is_refused()
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        proxy.Break(request => request.Method == "DELETE", new ProxyFault(Instead: HttpMessage.Answer(204, "")), times: 50);

        var fault = await RefusedAsync(bucket.NewOptions() with { EmulatorHost = proxy.Address.Authority });

        Assert.Contains("does not delete", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_may_do_so_later()
    {
        var fault = await RefusedAsync(bucket.NewOptions() with { EmulatorHost = $"{IPAddress.Loopback}:{LoopbackPort.FindFree()}" });

        Assert.True(fault.IsTransient);
        Assert.Contains("the connection failed", fault.Message, StringComparison.Ordinal);
    }

    private static Task<GcsBlobStore> OpenAsync(GcsOptions options) =>
        GcsBlobStore.OpenAsync(options, TimeProvider.System, NullLogger<GcsBlobStore>.Instance, Token);

    private static async Task<StorageException> RefusedAsync(GcsOptions options) => await Assert.ThrowsAsync<StorageException>(() => OpenAsync(options));
}
