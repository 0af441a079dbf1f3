using System.Net.Sockets;

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
        var port = S3Server.FreePort();
        string[] arguments =
            ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence", "--blobHost", "127.0.0.1", "--blobPort", $"{port}"];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AZURITE_ACCOUNTS"] = $"{AccountName}:{AccountKey}" };
        _daemon = new Daemon(Tool, arguments, environment, _folder.FullPath);
        await _daemon.WaitUntilAsync(token => IsListeningAsync(port, token), patience.Token);
        _address = new Uri($"http://127.0.0.1:{port}/{AccountName}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _folder.Dispose();
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
