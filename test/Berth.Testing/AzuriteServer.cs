using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Berth.Testing;

/// <summary>Azurite, Microsoft's own emulator of Blob Storage, that an assembly of tests shares: a free port of the loopback interface, everything in memory.</summary>
public sealed class AzuriteServer : IAsyncLifetime
{
    public const string AccountName = "testaccount";
    public const string AccountKey = "bm90IGEgc2VjcmV0";

    private const string Tool = "azurite-blob";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private Daemon? _daemon;
    private Uri? _address;

    /// <summary>Whether it takes tokens, without a look at who signed them, beside the key. It does so by TLS only.</summary>
    public bool HasTokens { get; init; }

    /// <summary>The address of the account. Skips the test when the server is not installed, or fails it where everything must be.</summary>
    public Uri Address
    {
        get
        {
            Require.Linux();
            Require.Tool(Tool);
            return _address ?? throw new InvalidOperationException("not started");
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || !Require.HasTool(Tool))
        {
            return;
        }

        using var patience = new CancellationTokenSource(Patience);
        var port = LoopbackPort.FindFree();
        string[] arguments =
        [
            "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence", "--blobHost", "127.0.0.1", "--blobPort", $"{port}",
            .. HasTokens ? ["--oauth", "basic", "--cert", WriteCertificate(), "--pwd", AccountKey] : Array.Empty<string>(),
        ];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AZURITE_ACCOUNTS"] = $"{AccountName}:{AccountKey}" };
        _daemon = new Daemon(Tool, arguments, environment, _folder.FullPath);
        await _daemon.WaitUntilAsync(token => IsListeningAsync(port, token), patience.Token);
        _address = new Uri($"{(HasTokens ? "https" : "http")}://127.0.0.1:{port}/{AccountName}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = _folder["azurite.pfx"];
        File.WriteAllBytes(path, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1, AccountKey));
        return path;
    }

    private static async Task<bool> IsListeningAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
