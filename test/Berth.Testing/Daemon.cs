using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Berth.Testing;

/// <summary>A process that runs until it is told to stop, and what it logs.</summary>
public sealed partial class Daemon : IAsyncDisposable
{
    private const int LogLines = 60;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Halt = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<string> _log = new();
    private readonly Process _process;

    public Daemon(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines of it.</summary>
    public string Log => string.Join('\n', _log.TakeLast(LogLines));

    /// <summary>The first line of it that contains <paramref name="text"/>, or null as long as there is none.</summary>
    public string? FindLine(string text) => _log.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Returns as soon as <paramref name="isReady"/> says so; fails with the log when the process ends before, or takes a minute.</summary>
    public async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            while (!await isReady(patience.Token))
            {
                Assert.False(_process.HasExited, $"{_process.StartInfo.FileName} ended early:\n{Log}");
                await Task.Delay(BetweenLooks, TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"{_process.StartInfo.FileName} did not get ready:\n{Log}");
        }
    }

    /// <summary>Lets the process stand still, as if its machine were asleep (SIGSTOP).</summary>
    public void Pause() => _ = Kill(_process.Id, Halt);

    /// <summary>Lets it go on.</summary>
    public void Resume() => _ = Kill(_process.Id, Continue);

    /// <summary>Asks the process to stop, as an init system would.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, Terminate);
        }

        return await EndAsync(cancellationToken);
    }

    /// <summary>Ends the process where it stands (kill -9), and returns when it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await EndAsync(cancellationToken);
    }

    /// <summary>Waits for the process to end by itself.</summary>
    /// <returns>Its exit code; 128 and the number of the signal that ended it.</returns>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _log.Enqueue(text);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
