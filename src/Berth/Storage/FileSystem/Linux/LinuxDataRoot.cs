using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>Opens the data folder itself, after the checks that everything else relies on.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxDataRoot
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>File systems whose locks, renames or syncs depend on a server or a program outside the kernel.</summary>
    private static readonly Dictionary<uint, string> Remote = new()
    {
        [0x6969] = "NFS",
        [0x517B] = "SMB",
        [0xFE534D42] = "SMB",
        [0xFF534D42] = "CIFS",
        [0x65735546] = "FUSE",
        [0x01021997] = "9P",
    };

    /// <exception cref="DataFolderException">The folder must not be used; the message says why.</exception>
    public static SafeFileHandle Open(string path, string formatName, bool allowRemoteFileSystem)
    {
        if (!Environment.Is64BitProcess)
        {
            throw new PlatformNotSupportedException("A data folder needs a 64-bit process.");
        }

        Create(path);
        var root = Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        try
        {
            if (root.IsInvalid)
            {
                throw new DataFolderException($"The data folder '{path}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
            }

            Check(root, path, formatName, allowRemoteFileSystem);
            if (FileStatus.Find(root, formatName) is null && Libc.fchmod(root, (uint)OwnerOnly) != 0)
            {
                throw FileFault.OfLast("fchmod");
            }

            return root;
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file system, given by its number in statfs(2), is remote; and its name.</summary>
    internal static bool IsRemote(uint fileSystem, out string? name) => Remote.TryGetValue(fileSystem, out name);

    private static void Check(SafeFileHandle root, string path, string formatName, bool allowRemoteFileSystem)
    {
        var status = FileStatus.Of(root);
        var user = Libc.geteuid();
        if (status.Owner != user)
        {
            throw new DataFolderException($"The data folder '{path}' belongs to user {status.Owner}, but this process is user {user}.");
        }

        var isFresh = FileStatus.Find(root, formatName) is null; // then its mode is set below
        if (status.Permissions.HasFlag(UnixFileMode.OtherWrite) || (!isFresh && status.Permissions.HasFlag(UnixFileMode.GroupWrite)))
        {
            throw new DataFolderException($"The data folder '{path}' may be written to by others: take that right away (chmod 700).");
        }

        Span<byte> fileSystem = stackalloc byte[256];
        if (Libc.fstatfs(root, fileSystem) != 0)
        {
            throw FileFault.OfLast("fstatfs");
        }

        if (!allowRemoteFileSystem && IsRemote(MemoryMarshal.Read<uint>(fileSystem), out var name))
        {
            throw new DataFolderException($"The data folder '{path}' is on {name}, where locks and syncs cannot be relied on.");
        }
    }

    // As far as directories on the way are new, each is synced into its parent: else a power cut may take the whole tree.
    private static void Create(string path)
    {
        var made = new Stack<string>();
        for (var missing = path; missing is not null && !Directory.Exists(missing); missing = Path.GetDirectoryName(missing))
        {
            made.Push(missing);
        }

        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The data folder '{path}' cannot be created: {fault.Message}");
        }

        foreach (var directory in made)
        {
            using var parent = Libc.open(Path.GetDirectoryName(directory)!, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
            if (parent.IsInvalid)
            {
                throw FileFault.OfLast("open");
            }

            LinuxFile.Sync(parent);
        }
    }
}
