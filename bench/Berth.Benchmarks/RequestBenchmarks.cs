using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Berth.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Berth.Benchmarks;

/// <summary>Whole requests on a socket, from the server's first byte to its answer. The client allocates nothing, so the budgets are the server's.</summary>
public class RequestBenchmarks : IDisposable
{
    private const int BlobSize = 100_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("berth-benchmarks-");
    private readonly byte[] _answer = new byte[256 * 1024];
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private WebApplication _registry = null!;
    private byte[] _byTag = [], _byDigest = [], _headBlob = [], _blob = [];

    [GlobalSetup]
    public void Start() => StartAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Dispose()
    {
        _socket.Dispose();
        _registry.StopAsync().GetAwaiter().GetResult();
        ((IDisposable)_registry).Dispose();
        foreach (var file in _folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.Delete();
        }

        foreach (var folder in _folder.EnumerateDirectories("*", SearchOption.AllDirectories).OrderByDescending(folder => folder.FullName.Length).Append(_folder))
        {
            folder.Delete();
        }

        GC.SuppressFinalize(this);
    }

    [Benchmark]
    [Budget(2_000)]
    public int A_manifest_is_got_by_tag() => Send(_byTag);

    [Benchmark]
    [Budget(2_500)]
    public int A_manifest_is_got_by_digest() => Send(_byDigest);

    [Benchmark]
    [Budget(3_100)]
    public int A_blob_is_asked_for() => Send(_headBlob);

    [Benchmark]
    [Budget(3_300)]
    public int A_blob_of_100_kB_is_got() => Send(_blob, BlobSize);

    private async Task StartAsync()
    {
        _registry = RegistryHost.Build(
            new BerthOptions { DataFolder = Path.Combine(_folder.FullName, "data") }, [new IPEndPoint(IPAddress.Loopback, 0)], LogLevel.Warning);
        await _registry.StartAsync();
        var address = new Uri(_registry.Urls.Single());
        using var client = new HttpClient { BaseAddress = address };
        var blob = await PushBlobAsync(client, RandomNumberGenerator.GetBytes(BlobSize));
        var config = await PushBlobAsync(client, "{}"u8.ToArray());
        var manifest = Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciImageManifest}}",
            "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{config}}","size":2},
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{blob}}","size":{{BlobSize}}}]}
            """);
        using var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.OciImageManifest);
        (await client.PutAsync("/v2/app/manifests/latest", content)).EnsureSuccessStatusCode();

        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
        _byTag = Request("GET", "manifests/latest");
        _byDigest = Request("GET", $"manifests/{Digest.Of(manifest, DigestAlgorithm.Sha256)}");
        _headBlob = Request("HEAD", $"blobs/{blob}");
        _blob = Request("GET", $"blobs/{blob}");
    }

    private static async Task<Digest> PushBlobAsync(HttpClient client, byte[] bytes)
    {
        var digest = Digest.Of(bytes, DigestAlgorithm.Sha256);
        using var content = new ByteArrayContent(bytes);
        (await client.PostAsync($"/v2/app/blobs/uploads/?digest={digest}", content)).EnsureSuccessStatusCode();
        return digest;
    }

    private static byte[] Request(string method, string path) => Encoding.ASCII.GetBytes($"{method} /v2/app/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <param name="atLeast">Bytes of the answer's body; what is smaller comes with its head.</param>
    private int Send(byte[] request, int atLeast = 0)
    {
        _socket.Send(request);
        var received = 0;
        do
        {
            received += _socket.Receive(_answer.AsSpan(received));
        }
        while (received < atLeast || _answer.AsSpan(0, received).IndexOf("\r\n\r\n"u8) is var end && received < end + 4 + atLeast);
        return _answer.AsSpan(0, received).StartsWith("HTTP/1.1 200 "u8) ? received : throw new InvalidOperationException("not the answer");
    }
}
