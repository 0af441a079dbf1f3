using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.Gcs.Tests;

/// <summary>Every request may fail, in every place of it: then the bytes are right, or there is a fault and a new upload works.</summary>
public sealed class FaultTests(BucketFixture bucket) : IClassFixture<BucketFixture>
{
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(4 * BucketFixture.Chunk);
    private static readonly byte[] Small = RandomNumberGenerator.GetBytes(100_000);

    public static TheoryData<string, string> CallsAndFaults
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var call in new[] { "head", "whole", "part", "compose", "get", "list" })
            {
                foreach (var fault in new[] { "408", "429", "500", "503", "html", "html as success", "cut before", "cut after" })
                {
                    data.Add(call, fault);
                }

                if (call != "part" && call != "whole" && call != "compose")
                {
                    data.Add(call, "cut inside");
                }
            }

            return data;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(CallsAndFaults))]
    public async Task A_request_that_fails_once_loses_nothing(string call, string fault)
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(Through(proxy, maxRetries: 1));
        var content = call == "whole" ? Small : Large;
        var key = NewKey();
        proxy.Break(Matches(call), Fault(fault));

        await RunAsync(store, key, content);

        Assert.Equal(content, await store.PullAsync(key, Token));
        Assert.Contains(proxy.Requests, request => Matches(call)(request));
    }

    [Theory]
    [MemberData(nameof(CallsAndFaults))]
    public async Task A_request_that_fails_for_good_is_a_fault_and_a_new_upload_works(string call, string fault)
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(Through(proxy, maxRetries: 0));
        var content = call == "whole" ? Small : Large;
        var key = NewKey();
        proxy.Break(Matches(call), Fault(fault), times: 50);

        var thrown = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            await RunAsync(store, key, content);
            await store.PullAsync(key, Token);
        });

        Assert.True(thrown.IsTransient);
        Assert.DoesNotContain("127.0.0.1", thrown.ToString(), StringComparison.Ordinal);
        proxy.Heal();
        Assert.True(await store.PullAsync(key, Token) is not { } found || found.AsSpan().SequenceEqual(content));
        await store.DeleteAsync(key, null, Token);
        Assert.Empty(await store.ListAsync(Token).ToListAsync(Token));
        key = NewKey();
        await RunAsync(store, key, content);
        Assert.Equal(content, await store.PullAsync(key, Token));
    }

    [Theory]
    [InlineData("503")]
    [InlineData("cut before")]
    [InlineData("cut after")]
    public async Task A_deletion_that_fails_once_is_done(string fault)
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(Through(proxy, maxRetries: 1));
        var key = NewKey();
        await store.PushAsync(key, Small, Token);
        proxy.Break(request => request.Method == "DELETE", Fault(fault));

        await store.DeleteAsync(key, null, Token);

        Assert.Empty(await store.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task What_cannot_be_tidied_does_not_fail_the_commit_and_goes_with_the_key()
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        var log = new ListLogger<GcsBlobStore>();
        using var store = GcsBlobStore.Create(Through(proxy, maxRetries: 0), TimeProvider.System, log);
        var key = NewKey();
        await store.AppendAsync(key, 0, null, Small, Token); // of a node that died
        var parts = await store.CompleteAsync(key, 0, null, Large, Token);
        proxy.Break(request => request.Method == "DELETE", Fault("503"), times: 50);

        await store.CommitAsync(key, DigestOf(Large), parts, Token);

        Assert.Equal(LogLevel.Warning, Assert.Single(log.Entries).Level);
        Assert.Equal(Large, await store.PullAsync(key, Token));
        proxy.Heal();
        Assert.True(await store.DeleteAsync(key, null, Token));
        Assert.Empty(await store.ListAsync(Token).ToListAsync(Token));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task What_is_refused_for_good_is_not_asked_again(int status)
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(Through(proxy, maxRetries: 5));
        proxy.Break(_ => true, new ProxyFault(Instead: HttpMessage.Answer(status, "{}")), times: 50);

        var fault = await Assert.ThrowsAsync<StorageException>(() => store.PushAsync(NewKey(), Small, Token));

        Assert.False(fault.IsTransient);
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_a_fault()
    {
        await using var proxy = new FaultyProxy(bucket.Server.Address);
        using var store = BucketFixture.Open(Through(proxy, maxRetries: 0) with { Timeout = TimeSpan.FromMilliseconds(200) });
        proxy.Break(Matches("whole"), new ProxyFault(ProxyCut.SilentInsteadOfTheAnswer));

        var fault = await Assert.ThrowsAsync<StorageException>(() => store.PushAsync(NewKey(), Small, Token));

        Assert.True(fault.IsTransient);
        Assert.Contains("did not answer in time", fault.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsync(GcsBlobStore store, BlobKey key, byte[] content)
    {
        var first = content == Large ? (3 * BucketFixture.Chunk) - 1000 : 0;
        var parts = first == 0 ? null : await store.AppendAsync(key, 0, null, content.AsMemory(0, first), Token);
        parts = await store.CompleteAsync(key, first, parts, content.AsMemory(first), Token);
        await store.CommitAsync(key, DigestOf(content), parts, Token);
    }

    private GcsOptions Through(FaultyProxy proxy, int maxRetries) => bucket.NewOptions() with
    {
        EmulatorHost = proxy.Address.Authority,
        MaxRetries = maxRetries,
    };

    private static Func<HttpMessage, bool> Matches(string call) => request => call switch
    {
        "head" => request.Method == "GET" && Has(request, "/o/") && !Has(request, "alt=media"),
        "whole" or "part" => request.Method == "POST" && Has(request, "/upload/"),
        "compose" => request.Method == "POST" && Has(request, "/compose?"),
        "get" => request.Method == "GET" && Has(request, "alt=media"),
        "list" => request.Method == "GET" && Has(request, "/o?"),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "unknown"),
    };

    private static ProxyFault Fault(string name) => name switch
    {
        "408" or "429" or "500" or "503" => new(Instead: HttpMessage.Answer(
            int.Parse(name, System.Globalization.CultureInfo.InvariantCulture), """{"error":{"errors":[{"reason":"backendError"}]}}""")),
        "html" => new(Instead: HttpMessage.Answer(502, "<html><p>Try later", "")), // what a load balancer says
        "html as success" => new(InsteadOfTheAnswer: HttpMessage.Answer(200, "<html><p>Log in")),
        "cut before" => new(ProxyCut.BeforeTheRequest),
        "cut after" => new(ProxyCut.BeforeTheAnswer),
        "cut inside" => new(ProxyCut.InTheAnswer),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown"),
    };

    private static bool Has(HttpMessage request, string text) => request.Target.Contains(text, StringComparison.Ordinal);
}
