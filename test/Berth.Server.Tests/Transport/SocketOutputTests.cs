using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Berth.Server.Hosting;
using Berth.Server.Tests.Protocol;
using Berth.Server.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Berth.Server.Tests.Transport;

/// <summary>What a client gets from a connection that sends files from the kernel's memory.</summary>
[Trait("Needs", "folder")]
public sealed class SocketOutputTests : IAsyncLifetime
{
    /// <summary>More than sockets take before their reader reads.</summary>
    private const int Large = 24 * 1024 * 1024;

    private RegistryFixture _registry = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _registry = await RegistryFixture.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_blob_larger_than_the_socket_arrives_whole_and_the_connection_goes_on()
    {
        var (digest, content) = await PushAsync(Large);
        using var socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);

        await SendAsync(stream, Get($"/v2/app/blobs/{digest}") + Get("/v2/"));

        Assert.Equal(content, await ReadAsync(stream, content.Length));
        Assert.Equal("{}"u8.ToArray(), await ReadAsync(stream, 2));
    }

    [Theory]
    [InlineData(0, 32 * 1024 - 1)]
    [InlineData(0, 32 * 1024)]
    [InlineData(1, 1 << 20)]
    [InlineData(4095, (1 << 20) + 1)]
    [InlineData(Large - 40_000, 40_000)]
    public async Task A_part_of_a_blob_is_that_part(int start, int length)
    {
        var (digest, content) = await PushAsync(Large);

        using var answer = await _registry.Client.GetAsync($"/v2/app/blobs/{digest}", ("Range", $"bytes={start}-{start + length - 1}"));

        Assert.Equal(content[start..(start + length)], await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Answers_asked_for_at_once_come_in_order()
    {
        var (small, few) = await PushAsync(100);
        var (large, many) = await PushAsync(Large);
        using var socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);

        await SendAsync(stream, string.Concat(new[] { small, large, small, large, large }.Select(digest => Get($"/v2/app/blobs/{digest}"))));

        foreach (var content in new[] { few, many, few, many, many })
        {
            Assert.Equal(content, await ReadAsync(stream, content.Length));
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_while_it_is_sent_breaks_the_connection()
    {
        var (digest, content) = await PushAsync(Large);
        using var socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await SendAsync(stream, Get($"/v2/app/blobs/{digest}") + Get("/v2/"));
        await ReadHeadAsync(stream); // it is being sent, and stays so: the rest has no room in the sockets

        await using (var file = new FileStream(FileOf(digest), FileMode.Open, FileAccess.Write))
        {
            file.SetLength(Large - 1);
        }

        var received = await ReadToEndAsync(stream);
        Assert.InRange(received.Length, 0, Large - 1);
        Assert.Equal(content[..received.Length], received);
        using var next = await _registry.Client.GetAsync("/v2/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Through_TLS_the_bytes_are_the_same()
    {
        using var key = ECDsa.Create();
        using var issued = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null);
        var (digest, content) = await PushAsync(Large);
        await _registry.StopAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddBerth(new BerthOptions { DataFolder = _registry.DataFolder });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener =>
        {
            listener.UseSocketOutput(new BlockMemoryPool());
            listener.UseHttps(certificate);
        }));
        await using var app = builder.Build();
        app.MapBerth();
        await app.StartAsync(Cancellation);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.Single()).Port), Cancellation);
        await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, shown, _, _) =>
            shown?.GetCertHashString() == certificate.GetCertHashString());
        await stream.AuthenticateAsClientAsync("localhost");

        await SendAsync(stream, Get($"/v2/app/blobs/{digest}") + Get("/v2/"));

        Assert.Equal(content, await ReadAsync(stream, content.Length));
        Assert.Equal("{}"u8.ToArray(), await ReadAsync(stream, 2));
    }

    private static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static Task SendAsync(Stream stream, string requests) => stream.WriteAsync(Encoding.ASCII.GetBytes(requests), Cancellation).AsTask();

    private static async Task<byte[]> ReadAsync(Stream stream, int length)
    {
        Assert.Contains($"Content-Length: {length}\r\n", await ReadHeadAsync(stream), StringComparison.Ordinal);
        var content = new byte[length];
        await stream.ReadExactlyAsync(content, Cancellation);
        return content;
    }

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(next, Cancellation);
            head.Append((char)next[0]);
        }

        Assert.StartsWith("HTTP/1.1 200 ", head.ToString(), StringComparison.Ordinal);
        return head.ToString();
    }

    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var content = new MemoryStream();
        try
        {
            await stream.CopyToAsync(content, Cancellation);
        }
        catch (IOException)
        {
            // reset, rather than ended: a broken answer too
        }

        return content.ToArray();
    }

    private async Task<(Digest Digest, byte[] Content)> PushAsync(int length)
    {
        var content = RegistryClient.RandomBytes(length);
        return (await _registry.Client.PushBlobAsync("app", content), content);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _registry.Port), Cancellation);
        return socket;
    }

    private string FileOf(Digest digest) =>
        Directory.EnumerateFiles(_registry.DataFolder, $"{digest.Hex}.*", SearchOption.AllDirectories).Single();
}
