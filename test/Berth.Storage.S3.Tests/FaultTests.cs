using System.Security.Cryptography;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.S3.Tests;

/// <summary>Every request may fail, in every place of it: then the bytes are right, or there is a fault and a new upload works.</summary>
/// <param name="maxRetries">The SDK's.</param>
public abstract class FaultTests(BucketFixture bucket, int maxRetries) : IClassFixture<BucketFixture>, IAsyncLifetime
{
    private const int MiB = 1024 * 1024;
    private const int FirstRequest = (5 * MiB) + 1000;
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(6 * MiB);
    private static readonly byte[] Small = RandomNumberGenerator.GetBytes(100_000);

    private FaultyProxy? _proxy;
    private S3BlobStore? _store;

    public static TheoryData<string, string> CallsAndFaults
    {
        get
        {
            string[] calls = ["head", "put", "put tail", "get tail", "create", "part", "complete", "get", "list", "delete tail"];
            var data = new TheoryData<string, string>();
            foreach (var call in calls)
            {
                foreach (var fault in new[] { "busy", "cut before", "cut after" })
                {
                    data.Add(call, fault);
                }
            }

            foreach (var call in new[] { "get tail", "create", "complete", "get", "list" }) // the answers that have a body
            {
                data.Add(call, "cut inside");
            }

            foreach (var call in new[] { "put", "complete" })
            {
                data.Add(call, "conflict");
                data.Add(call, "exists");
            }

            data.Add("complete", "error in success");
            data.Add("complete", "success with error");
            data.Add("list", "stale");
            return data;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FaultyProxy Proxy => _proxy!;

    private S3BlobStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        var options = await bucket.NewOptionsAsync();
        _proxy = new FaultyProxy(bucket.Server.Address);
        _store = BucketFixture.Open(options with { RegionEndpoint = _proxy.Address.ToString(), MaxRetries = maxRetries });
    }

    public async ValueTask DisposeAsync()
    {
        _store?.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>As the engine does it: after a fault the key is deleted, and the client begins again with another one.</summary>
    /// <param name="times">How many requests fail before the store heals.</param>
    protected async Task PushAndPullAsync(string call, string kind, int times, bool mustSucceed)
    {
        Proxy.Break(Matches(call), Fault(kind), times);
        var content = call == "put" ? Small : Large;
        var key = NewKey();
        try
        {
            await RunAsync(key, content);
            Assert.Equal(content, await Store.PullAsync(key, Token));
            return;
        }
        catch (StorageException fault) when (!mustSucceed)
        {
            Assert.DoesNotContain("http", fault.Message, StringComparison.OrdinalIgnoreCase);
        }

        Proxy.Heal();
        Assert.True(await Store.PullAsync(key, Token) is not { } found || found.AsSpan().SequenceEqual(content));
        await Store.DeleteAsync(key, null, Token);
        Assert.Empty(await Store.ListAsync(Token).ToListAsync(Token));
        key = NewKey();
        await RunAsync(key, content);
        Assert.Equal(content, await Store.PullAsync(key, Token));
    }

    private async Task RunAsync(BlobKey key, byte[] content)
    {
        var first = content == Large ? FirstRequest : 0;
        var parts = first == 0 ? null : await Store.AppendAsync(key, 0, null, content.AsMemory(0, first), Token);
        parts = await Store.CompleteAsync(key, first, parts, content.AsMemory(first), Token);
        await Store.CommitAsync(key, DigestOf(content), parts, Token);
    }

    private static Func<HttpMessage, bool> Matches(string call) => request => call switch
    {
        "head" => request.Method == "HEAD",
        "put" => request.Method == "PUT" && IsBlob(request) && !Has(request, "partNumber="),
        "put tail" => request.Method == "PUT" && IsTail(request),
        "get tail" => request.Method == "GET" && IsTail(request),
        "create" => request.Method == "POST" && Has(request, "?uploads"),
        "part" => request.Method == "PUT" && Has(request, "partNumber="),
        "complete" => request.Method == "POST" && Has(request, "uploadId="),
        "get" => request.Method == "GET" && IsBlob(request),
        "list" => request.Method == "GET" && Has(request, "list-type=2"),
        "delete tail" => request.Method == "DELETE" && IsTail(request),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "unknown"),
    };

    private static ProxyFault Fault(string name) => name switch
    {
        "busy" => new(Instead: Refusal(503, "SlowDown")),
        "cut before" => new(ProxyCut.BeforeTheRequest),
        "cut after" => new(ProxyCut.BeforeTheAnswer),
        "cut inside" => new(ProxyCut.InTheAnswer),
        "conflict" => new(Instead: Refusal(409, "ConditionalRequestConflict")),
        "exists" => new(Instead: Refusal(412, "PreconditionFailed")),
        "error in success" => new(Instead: Refusal(200, "InternalError")),
        "success with error" => new(InsteadOfTheAnswer: Refusal(200, "InternalError")),
        "stale" => new(Instead: HttpMessage.Answer(200, """<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>""")),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown"),
    };

    private static HttpMessage Refusal(int status, string code) =>
        HttpMessage.Answer(status, $"""<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><RequestId>7</RequestId></Error>""");

    private static bool IsBlob(HttpMessage request) => Has(request, "/blobs/");

    private static bool IsTail(HttpMessage request) => Has(request, "/staging/") && !Has(request, "list-type=2");

    private static bool Has(HttpMessage request, string text) => request.Target.Contains(text, StringComparison.Ordinal);
}
