using System.Security.Cryptography;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.Azure.Tests;

/// <summary>Every request may fail, in every place of it: then the bytes are right, or there is a fault and a new upload works.</summary>
public sealed class FaultTests(ContainerFixture container) : IClassFixture<ContainerFixture>
{
    private const int MiB = 1024 * 1024;
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(6 * MiB);
    private static readonly byte[] Small = RandomNumberGenerator.GetBytes(100_000);

    public static TheoryData<string, string> CallsAndFaults
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var call in new[] { "head", "put", "block", "commit", "get", "blocks" })
            {
                data.Add(call, "busy");
                data.Add(call, "nonsense");
                data.Add(call, "cut before");
                data.Add(call, "cut after");
            }

            data.Add("get", "cut inside");
            return data;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(CallsAndFaults))]
    public async Task A_request_that_fails_once_loses_nothing(string call, string fault)
    {
        await using var proxy = new FaultyProxy(container.Server.Address);
        using var store = ContainerFixture.Open(await ThroughAsync(proxy, maxRetries: 1));
        var content = call == "put" ? Small : Large;
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
        await using var proxy = new FaultyProxy(container.Server.Address);
        var options = await ThroughAsync(proxy, maxRetries: 0);
        using var store = ContainerFixture.Open(options);
        var content = call == "put" ? Small : Large;
        var key = NewKey();
        proxy.Break(Matches(call), Fault(fault), times: 50);

        var thrown = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            await RunAsync(store, key, content);
            await store.PullAsync(key, Token);
        });

        Assert.True(thrown.IsTransient);
        Assert.DoesNotContain("http", thrown.ToString(), StringComparison.OrdinalIgnoreCase);
        proxy.Heal();
        using var healed = ContainerFixture.Open(options); // with connections on which nothing of the nonsense is left
        Assert.True(await healed.PullAsync(key, Token) is not { } found || found.AsSpan().SequenceEqual(content));
        await healed.DeleteAsync(key, null, Token);
        Assert.Empty(await healed.ListAsync(Token).ToListAsync(Token));
        key = NewKey();
        await RunAsync(healed, key, content);
        Assert.Equal(content, await healed.PullAsync(key, Token));
    }

    private static async Task RunAsync(AzureBlobStore store, BlobKey key, byte[] content)
    {
        var first = content == Large ? 5 * MiB : 0;
        var parts = first == 0 ? null : await store.AppendAsync(key, 0, null, content.AsMemory(0, first), Token);
        parts = await store.CompleteAsync(key, first, parts, content.AsMemory(first), Token);
        await store.CommitAsync(key, DigestOf(content), parts, Token);
    }

    private async Task<AzureOptions> ThroughAsync(FaultyProxy proxy, int maxRetries)
    {
        var options = await container.NewOptionsAsync();
        return options with { ServiceUrl = new Uri(proxy.Address, AzuriteServer.AccountName).ToString(), MaxRetries = maxRetries };
    }

    private static Func<HttpMessage, bool> Matches(string call) => request => call switch
    {
        "head" => request.Method == "HEAD",
        "put" => request.Method == "PUT" && !Has(request, "comp="),
        "block" => request.Method == "PUT" && Has(request, "comp=block&"),
        "commit" => request.Method == "PUT" && Has(request, "comp=blocklist"),
        "get" => request.Method == "GET" && !Has(request, "comp="),
        "blocks" => request.Method == "GET" && Has(request, "comp=blocklist"),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "unknown"),
    };

    private static ProxyFault Fault(string name) => name switch
    {
        "busy" => new(Instead: HttpMessage.Answer(503, "<?xml version=\"1.0\"?><Error><Code>ServerBusy</Code></Error>", "x-ms-error-code: ServerBusy\r\n")),
        "nonsense" => new(Instead: HttpMessage.Answer(503, "<html><p>Try later", "")), // what a load balancer says
        "cut before" => new(ProxyCut.BeforeTheRequest),
        "cut after" => new(ProxyCut.BeforeTheAnswer),
        "cut inside" => new(ProxyCut.InTheAnswer),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown"),
    };

    private static bool Has(HttpMessage request, string text) => request.Target.Contains(text, StringComparison.Ordinal);
}
