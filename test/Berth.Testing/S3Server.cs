using System.Diagnostics;

namespace Berth.Testing;

/// <summary>A real S3 server, Ceph's, that an assembly of tests shares: free ports of the loopback interface, everything in memory.</summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string AccessKey = "testkey";
    public const string SecretKey = "testsecret";

    private static readonly string[] Tools = ["ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "monmaptool", "curl"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private Uri? _address;

    /// <summary>Skips the test when the server is not installed, or fails it where everything must be.</summary>
    public Uri Address
    {
        get
        {
            Require.Linux();
            foreach (var tool in Tools)
            {
                Require.Tool(tool);
            }

            return _address ?? throw new InvalidOperationException("not started");
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || !Array.TrueForAll(Tools, Require.HasTool))
        {
            return;
        }

        using var patience = new CancellationTokenSource(Patience);
        var port = LoopbackPort.FindFree();
        string[] arguments = [_folder["ceph"], $"{LoopbackPort.FindFree()}", $"{LoopbackPort.FindFree()}", $"{port}"];
        _process = Command.Start(FindScript(), arguments);
        var errors = _process.StandardError.ReadToEndAsync(patience.Token);
        if (await _process.StandardOutput.ReadLineAsync(patience.Token) != "ready")
        {
            throw new InvalidOperationException($"Ceph did not start: {await errors}");
        }

        _address = new Uri($"http://127.0.0.1:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close(); // it ends what it started, and so it does when this process dies
            using var patience = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(patience.Token);
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private static string FindScript()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Berth.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run inside the repository");
        }

        return Path.Combine(folder, "eng", "ceph-rgw.sh");
    }
}
