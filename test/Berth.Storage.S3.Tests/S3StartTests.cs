using System.Net;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Berth.Storage.S3.Tests;

/// <summary>What is wrong with a bucket is said at the start, in words that help.</summary>
public sealed class S3StartTests(BucketFixture bucket) : IClassFixture<BucketFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_leaves_nothing_in_the_bucket()
    {
        var options = await bucket.NewOptionsAsync();

        using var store = await OpenAsync(options);

        Assert.Empty(await bucket.NamesAsync(options));
    }

    [Fact]
    public async Task An_unknown_access_key_is_named()
    {
        var options = await bucket.NewOptionsAsync();

        var fault = await RefusedAsync(options with { AccessKey = "nobody" });

        Assert.False(fault.IsTransient);
        Assert.Contains("not allow it", fault.Message, StringComparison.Ordinal); // a HEAD has no body that could say more
    }

    [Fact]
    public async Task A_wrong_secret_key_is_named_and_never_shown()
    {
        var options = await bucket.NewOptionsAsync();

        var fault = await RefusedAsync(options with { SecretKey = "not-the-secret" });

        Assert.False(fault.IsTransient);
        Assert.DoesNotContain("not-the-secret", fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(S3Server.AccessKey, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_bucket_is_named()
    {
        var options = await bucket.NewOptionsAsync();

        var fault = await RefusedAsync(options with { Bucket = "no-such-bucket" });

        Assert.False(fault.IsTransient);
        Assert.Contains("there is no such bucket", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_cannot_be_written_is_refused()
    {
        var options = await bucket.NewOptionsAsync();
        var readOnly = $"{bucket.Bucket}-read-only";
        await bucket.Client.PutBucketAsync(readOnly, Token);
        await bucket.Client.PutBucketPolicyAsync(
            new PutBucketPolicyRequest
            {
                BucketName = readOnly,
                Policy = $$"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::{{readOnly}}/*"}]}
                """,
            },
            Token);

        var fault = await RefusedAsync(options with { Bucket = readOnly });

        Assert.False(fault.IsTransient);
        Assert.StartsWith("The object store failed to write an object: the credentials do not allow it", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_refused()
    {
        var options = await bucket.NewOptionsAsync();
        var late = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1));

        var fault = await Assert.ThrowsAsync<StorageException>(
            () => S3BlobStore.OpenAsync(options, late, NullLogger<S3BlobStore>.Instance, Token));

        Assert.False(fault.IsTransient);
        Assert.Contains("clocks", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "RequestTimeTooSkewed", "the clock of this machine is wrong")]
    [InlineData(400, "AuthorizationHeaderMalformed", "in another region")]
    [InlineData(301, "PermanentRedirect", "in another region")]
    [InlineData(403, "InvalidAccessKeyId", "does not know the access key")]
    [InlineData(403, "SignatureDoesNotMatch", "the secret key is not the one")]
    public async Task What_only_other_servers_say_is_put_into_words(int status, string code, string words)
    {
        var options = await bucket.NewOptionsAsync();
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        var refusal = HttpMessage.Answer(status, $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>m</Message></Error>");
        proxy.Break(request => request.Method == "PUT", new ProxyFault(Instead: refusal), times: 50);

        var fault = await RefusedAsync(options with { RegionEndpoint = proxy.Address.ToString() });

        Assert.False(fault.IsTransient);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_may_do_so_later()
    {
        var options = await bucket.NewOptionsAsync();

        var fault = await RefusedAsync(options with { RegionEndpoint = $"http://{IPAddress.Loopback}:{LoopbackPort.FindFree()}", MaxRetries = 0 });

        Assert.True(fault.IsTransient);
        Assert.Contains("the connection failed", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(501, "NotImplemented")]
    [InlineData(200, "")]
    public async Task A_server_without_conditional_writes_is_warned_of_and_used(int status, string code)
    {
        var options = await bucket.NewOptionsAsync();
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        var answer = code.Length > 0 ? HttpMessage.Answer(status, $"<Error><Code>{code}</Code></Error>") : HttpMessage.Answer(status, "", "ETag: \"1\"\r\n");
        proxy.Break(request => request.Find("If-None-Match") is not null, new ProxyFault(Instead: answer), times: 50);
        var log = new ListLogger<S3BlobStore>();

        using var store = await S3BlobStore.OpenAsync(
            options with { RegionEndpoint = proxy.Address.ToString(), MaxRetries = 0 }, TimeProvider.System, log, Token);

        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains("If-None-Match", StringComparison.Ordinal));
        foreach (var content in new byte[][] { [1], new byte[6 * 1024 * 1024] })
        {
            var key = StoreCalls.NewKey();
            await store.PushAsync(key, content, Token);
            Assert.Equal(content, await store.PullAsync(key, Token));
            await Assert.ThrowsAsync<StorageException>(() => store.PushAsync(key, [.. content, 1], Token));
            Assert.Equal(content, await store.PullAsync(key, Token));
        }
    }

    private static Task<S3BlobStore> OpenAsync(S3Options options) =>
        S3BlobStore.OpenAsync(options, TimeProvider.System, NullLogger<S3BlobStore>.Instance, Token);

    private static async Task<StorageException> RefusedAsync(S3Options options) => await Assert.ThrowsAsync<StorageException>(() => OpenAsync(options));
}
