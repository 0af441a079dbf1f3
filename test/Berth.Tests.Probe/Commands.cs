using System.Diagnostics.CodeAnalysis;
using Berth.Oci;
using Berth.Storage;
using Berth.Storage.FileSystem;

namespace Berth.Tests.Probe;

/// <summary>What the tests ask of a second process. Each command says on its output how far it came.</summary>
internal static class Commands
{
    private const int Fault = 3;
    private const int InUse = 75; // EX_TEMPFAIL

    /// <summary>Commits one blob.</summary>
    public static async Task<int> CommitAsync(string path)
    {
        try
        {
            using var folder = DataFolder.Open(path, allowRemoteFileSystem: false, TimeProvider.System);
            Say("opened");
            var store = new FileSystemBlobStore(folder);
            var content = new byte[100_000];
            var key = BlobKey.Create(TimeProvider.System);
            await using (var staged = (await store.StageAsync(key, 0, parts: null, CancellationToken.None))!)
            {
                await staged.AppendAsync(content, CancellationToken.None);
                Say("appended");
                await staged.SyncAsync(CancellationToken.None);
                Say("synced");
            }

            await store.CommitAsync(key, Digest.Of(content, DigestAlgorithm.Sha256), parts: null, CancellationToken.None);
            Say("committed");
            return 0;
        }
        catch (StorageException fault)
        {
            Say($"{(fault.IsTransient ? "transient" : "lasting")} fault: {fault.Message}");
            return Fault;
        }
    }

    /// <summary>Opens a folder and keeps it until its input ends.</summary>
    public static int Hold(string path)
    {
        try
        {
            using var folder = DataFolder.Open(path, allowRemoteFileSystem: false, TimeProvider.System);
            Say("opened");
            Console.In.ReadToEnd();
            return 0;
        }
        catch (DataFolderInUseException inUse)
        {
            Say(inUse.Message);
            return InUse;
        }
    }

    /// <summary>Asks the platform to flush a file, and says whether it reported a fault.</summary>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "Shows why it is banned.")]
    public static int Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(file, new byte[100], 0);
        try
        {
            RandomAccess.FlushToDisk(file);
            Say("no fault");
        }
        catch (IOException)
        {
            Say("fault");
        }

        return 0;
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
