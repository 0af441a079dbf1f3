using Berth.Storage.FileSystem;
using Berth.Testing;

namespace Berth.Tests.Storage;

/// <summary>Real system calls that fail, in a real process.</summary>
public sealed class InjectedFaultTests(ITestOutputHelper log) : IDisposable
{
    private const string Syncs = "fsync,fdatasync";
    private const int Fault = 3;

    private readonly TemporaryFolder _temporary = new();

    private string Data => _temporary["data"];

    /// <summary>The guard of the promise that what was acknowledged is durable. It must stay for ever.</summary>
    [Fact]
    public async Task No_commit_succeeds_while_any_of_its_syncs_fails()
    {
        MakeFolder();
        var failed = 0;
        while (true)
        {
            var (exitCode, output) = await ProbeProcess.RunWithFaultAsync(Syncs, "EIO", $"{failed + 1}", "commit", Data);
            if (exitCode == 0)
            {
                break; // it made fewer syncs than that, and none failed
            }

            Assert.Equal(Fault, exitCode);
            Assert.Contains("lasting fault: fsync failed", output, StringComparison.Ordinal);
            Assert.DoesNotContain("committed", output, StringComparison.Ordinal);
            failed++;
        }

        // Opening: blobs and the folder. Then the content, its staged name, and three directories of the final name.
        Assert.Equal(7, failed);
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "staging")));
        Assert.Single(Directory.GetFiles(Path.Combine(Data, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("EIO", "lasting")]
    [InlineData("ENOSPC", "transient")]
    [InlineData("EDQUOT", "transient")]
    public async Task The_sync_of_the_content_reports_what_the_disk_reports(string error, string kind)
    {
        MakeFolder();

        var (exitCode, output) = await ProbeProcess.RunWithFaultAsync(Syncs, error, "3+", "commit", Data);

        Assert.Equal(Fault, exitCode);
        Assert.StartsWith($"opened\nappended\n{kind} fault: fsync failed", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Data, output, StringComparison.Ordinal);
    }

    /// <summary>An observation, not a demand: the day .NET reports the fault, nothing of ours changes.</summary>
    [Fact]
    public async Task Whether_the_platform_reports_a_failed_sync()
    {
        var (exitCode, output) = await ProbeProcess.RunWithFaultAsync(Syncs, "EIO", "1+", "flush", _temporary["file"]);

        Assert.Equal(0, exitCode);
        log.WriteLine($".NET {Environment.Version}: RandomAccess.FlushToDisk, while fsync fails with EIO, reports: {output}");
    }

    [Fact]
    public async Task An_interrupted_sync_is_made_again()
    {
        MakeFolder();

        var (exitCode, output) = await ProbeProcess.RunWithFaultAsync(Syncs, "EINTR", "3..5", "commit", Data);

        Assert.Equal((0, "opened\nappended\nsynced\ncommitted\n"), (exitCode, output));
    }

    [Fact]
    public async Task A_sync_that_is_always_interrupted_fails_in_the_end()
    {
        MakeFolder();

        var (exitCode, output) = await ProbeProcess.RunWithFaultAsync(Syncs, "EINTR", "3+", "commit", Data);

        Assert.Equal(Fault, exitCode);
        Assert.Contains("transient fault: fsync failed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openat2", "ENOSYS")]
    [InlineData("openat2", "EPERM")]
    [InlineData("renameat2", "EINVAL")]
    public async Task What_an_old_kernel_or_file_system_lacks_is_done_without(string call, string error)
    {
        var (exitCode, output) = await ProbeProcess.RunWithFaultAsync(call, error, "1+", "commit", Data);

        Assert.Equal((0, "opened\nappended\nsynced\ncommitted\n"), (exitCode, output));
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "staging")));
        Assert.Single(Directory.GetFiles(Path.Combine(Data, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("renameat2", "EXDEV", "the data folder is spread over more than one file system or mount")]
    [InlineData("fchmod", "EPERM", "fchmod failed")]
    [InlineData("pwrite64", "EIO", "pwrite failed")]
    public async Task Any_other_failed_call_fails_the_commit(string call, string error, string message)
    {
        MakeFolder();

        var (exitCode, output) = await ProbeProcess.RunWithFaultAsync(call, error, "1+", "commit", Data);

        Assert.Equal(Fault, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "staging")));
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "blobs"), "*", SearchOption.AllDirectories));
    }

    public void Dispose() => _temporary.Dispose();

    // Already there, so that the process under test makes the same calls each time.
    private void MakeFolder() => DataFolder.Open(Data, allowRemoteFileSystem: false, TimeProvider.System).Dispose();
}
