using Berth.Storage.FileSystem;
using Berth.Testing;

namespace Berth.Tests.Storage;

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Data => _temporary["data"];

    [Fact]
    public async Task A_second_process_is_refused_until_the_first_is_gone()
    {
        using var first = ProbeProcess.Start("hold", Data);
        Assert.Equal("opened", await first.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        var inUse = Assert.Throws<DataFolderInUseException>(Open);
        Assert.Equal($"The data folder '{Data}' is in use by another process.", inUse.Message);

        first.Kill(); // kill -9: nobody tidies up, and nobody has to
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        Open().Dispose();
    }

    [Fact]
    public async Task While_this_process_has_the_folder_another_is_refused()
    {
        using (Open())
        {
            Assert.Equal(75, (await ProbeProcess.RunAsync("hold", Data)).ExitCode);
        }

        Assert.Equal(0, (await ProbeProcess.RunAsync("hold", Data)).ExitCode);
    }

    [Fact]
    public void A_process_cannot_open_the_folder_twice()
    {
        using var first = Open();

        Assert.Throws<DataFolderInUseException>(Open);
    }

    [Fact]
    public async Task Another_way_to_the_same_folder_is_the_same_folder()
    {
        Require.Linux();
        using var first = Open();
        File.CreateSymbolicLink(_temporary["link"], Data);

        Assert.Equal(75, (await ProbeProcess.RunAsync("hold", _temporary["link"])).ExitCode);
    }

    public void Dispose() => _temporary.Dispose();

    private DataFolder Open() => DataFolder.Open(Data, allowRemoteFileSystem: false, TimeProvider.System);
}
