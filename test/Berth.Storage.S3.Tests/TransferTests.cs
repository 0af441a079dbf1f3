using System.Diagnostics;
using System.Security.Cryptography;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.S3.Tests;

/// <summary>How bytes go to the store and come back: which requests, and how much memory.</summary>
public sealed class TransferTests(BucketFixture bucket) : IClassFixture<BucketFixture>
{
    private const int MiB = 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_small_blob_is_one_request_and_one_look()
    {
        var options = await bucket.NewOptionsAsync();
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(options with { RegionEndpoint = proxy.Address.ToString() });

        await store.PushAsync(NewKey(), RandomNumberGenerator.GetBytes(5 * MiB), Token);

        Assert.Equal(["PUT", "HEAD"], proxy.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_pull_is_one_look_and_one_request()
    {
        var options = await bucket.NewOptionsAsync();
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(options with { RegionEndpoint = proxy.Address.ToString() });
        var key = NewKey();
        await store.PushAsync(key, RandomNumberGenerator.GetBytes(6 * MiB), Token);
        proxy.ForgetRequests();

        await store.PullAsync(key, Token);

        Assert.Equal(["HEAD", "GET"], proxy.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task Any_place_can_be_read_in_any_order()
    {
        using var store = BucketFixture.Open(await bucket.NewOptionsAsync());
        var content = RandomNumberGenerator.GetBytes(6 * MiB);
        var key = NewKey();
        await store.PushAsync(key, content, Token);
        using var open = (await store.OpenAsync(key, DigestOf(content), Token))!;

        foreach (var offset in new[] { 5 * MiB, 0, 100, content.Length - 10, 3 * MiB })
        {
            var buffer = new byte[1000];
            var read = await open.ReadAsync(buffer, offset, Token);
            Assert.InRange(read, 1, 1000);
            Assert.Equal(content[offset..(offset + read)], buffer[..read]);
        }
    }

    [Fact]
    public async Task Another_object_under_the_name_that_is_being_read_is_never_given_out()
    {
        var options = await bucket.NewOptionsAsync();
        using var store = BucketFixture.Open(options);
        var key = NewKey();
        await store.PushAsync(key, RandomNumberGenerator.GetBytes(1000), Token);
        using var open = (await store.OpenAsync(key, DigestOf([]), Token))!;
        var name = options.RootPrefix + Assert.Single(await bucket.NamesAsync(options));

        await bucket.Client.PutObjectAsync(new() { BucketName = bucket.Bucket, Key = name, InputStream = new MemoryStream(new byte[1000]) }, Token);

        await Assert.ThrowsAsync<StorageException>(async () => await open.ReadAsync(new byte[1000], 0, Token));
    }

    [Fact]
    public async Task Everything_that_is_written_carries_its_checksum()
    {
        var options = await bucket.NewOptionsAsync();
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(options with { RegionEndpoint = proxy.Address.ToString() });
        var key = NewKey();

        await store.PushAsync(NewKey(), [1], Token);
        var parts = await store.AppendAsync(key, 0, null, new byte[6 * MiB], Token);
        await store.CompleteAsync(key, 6 * MiB, parts, new byte[1], Token);

        var writes = proxy.Requests.Where(request => request.Method == "PUT").ToList();
        Assert.Equal(4, writes.Count); // a whole object, two parts, a tail
        Assert.All(writes, request => Assert.NotNull(request.Find("Content-MD5")));
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_not_waited_for_for_ever()
    {
        var options = await bucket.NewOptionsAsync();
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(options with
        {
            RegionEndpoint = proxy.Address.ToString(), MaxRetries = 0, Timeout = TimeSpan.FromSeconds(1), ReadTimeout = TimeSpan.FromSeconds(1),
        });
        var content = RandomNumberGenerator.GetBytes(100_000);
        var key = NewKey();
        await store.PushAsync(key, content, Token);

        proxy.Break(request => request.Method == "GET", new ProxyFault(ProxyCut.SilentInTheAnswer));
        Assert.Equal(content, await store.PullAsync(key, Token));

        proxy.Break(request => request.Method == "PUT", new ProxyFault(ProxyCut.SilentInsteadOfTheAnswer), times: 10); // however often it is asked
        var fault = await Assert.ThrowsAsync<StorageException>(() => store.PushAsync(NewKey(), content, Token));
        Assert.True(fault.IsTransient);
        Assert.Contains("did not answer in time", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stays_is_kept_as_the_options_say()
    {
        var options = await bucket.NewOptionsAsync();
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(options with
        {
            RegionEndpoint = proxy.Address.ToString(), Encrypt = true, KeyId = "key-1", StorageClass = "standard_ia", ObjectAcl = "bucket-owner-read", UserAgent = "berth-test",
        });
        proxy.Break(_ => true, new ProxyFault(Instead: HttpMessage.Answer(403, "")), times: 50);

        await Assert.ThrowsAsync<StorageException>(() => store.PushAsync(NewKey(), [1], Token));
        await Assert.ThrowsAsync<StorageException>(() => store.PushAsync(NewKey(), new byte[6 * MiB], Token));
        await Assert.ThrowsAsync<StorageException>(() => store.AppendAsync(NewKey(), 0, null, new byte[1], Token));

        Assert.Equal(["PUT", "POST", "PUT"], proxy.Requests.Select(request => request.Method));
        Assert.All(proxy.Requests, request => Assert.Contains("app/berth-test", request.Find("User-Agent"), StringComparison.Ordinal));
        Assert.All(proxy.Requests.Take(2), request =>
        {
            Assert.Equal("bucket-owner-read", request.Find("x-amz-acl"));
            Assert.Equal("STANDARD_IA", request.Find("x-amz-storage-class"));
            Assert.Equal("aws:kms", request.Find("x-amz-server-side-encryption"));
            Assert.Equal("key-1", request.Find("x-amz-server-side-encryption-aws-kms-key-id"));
        });
        Assert.Null(proxy.Requests[2].Find("x-amz-storage-class")); // a tail is gone soon
    }

    [Fact]
    public async Task A_large_blob_goes_there_and_back()
    {
        using var store = BucketFixture.Open(await bucket.NewOptionsAsync());
        var content = RandomNumberGenerator.GetBytes(40 * MiB);
        var key = NewKey();

        await store.PushAsync(key, content, Token);

        Assert.Equal(content, await store.PullAsync(key, Token));
    }

    [Fact]
    public async Task Many_pushes_at_once_need_little_memory()
    {
        using var store = BucketFixture.Open(await bucket.NewOptionsAsync());
        var block = RandomNumberGenerator.GetBytes(MiB);
        GC.Collect();
        var (before, most) = (Resident(), 0L);

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => PushAsync()));

        Assert.InRange((most - before) / MiB, 0, 300);
        Assert.All(await store.ListAsync(Token).ToListAsync(Token), item => Assert.Equal(11 * MiB, item.Size));

        async Task PushAsync()
        {
            await Task.Yield();
            var key = NewKey();
            string? parts;
            await using (var staged = (await store.StageAsync(key, 0, null, Token))!)
            {
                for (var count = 0; count < 11; count++)
                {
                    await staged.AppendAsync(block, Token);
                    InterlockedMax(Resident());
                }

                parts = await staged.CompleteAsync(Token);
            }

            await store.CommitAsync(key, DigestOf([]), parts, Token);
        }

        void InterlockedMax(long value)
        {
            lock (block)
            {
                most = Math.Max(most, value);
            }
        }

        static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_client_can_read_by_itself(string method)
    {
        var options = await bucket.NewOptionsAsync();
        using var store = BucketFixture.Open(options);
        var content = RandomNumberGenerator.GetBytes(1000);
        var key = NewKey();
        await store.PushAsync(key, content, Token);

        var url = await store.FindUrlAsync(key, DigestOf(content), method, null, Token);
        using var client = new HttpClient();
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), url), Token);

        Assert.True(answer.IsSuccessStatusCode, answer.ToString());
        Assert.Equal(content.Length, answer.Content.Headers.ContentLength);
        Assert.Equal(method == "GET" ? content : [], await answer.Content.ReadAsByteArrayAsync(Token));
        Assert.Matches("X-Amz-Expires=(119|120)[0-9]&", url!.Query); // the SDK goes by the server's clock
    }

    [Fact]
    public async Task An_address_for_clients_names_the_host_that_they_reach()
    {
        var options = await bucket.NewOptionsAsync();
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(options with { RedirectEndpoint = proxy.Address.GetLeftPart(UriPartial.Authority) });
        var key = NewKey();
        await store.PushAsync(key, [1, 2, 3], Token);

        var url = await store.FindUrlAsync(key, DigestOf([]), "GET", null, Token);
        using var client = new HttpClient();

        Assert.Equal(proxy.Address.Authority, url!.Authority);
        Assert.Equal([1, 2, 3], await client.GetByteArrayAsync(url, Token));
    }

    [Fact]
    public async Task There_is_no_address_to_write_to()
    {
        using var store = BucketFixture.Open(await bucket.NewOptionsAsync());

        Assert.Null(await store.FindUrlAsync(NewKey(), DigestOf([]), "PUT", null, Token));
    }
}
