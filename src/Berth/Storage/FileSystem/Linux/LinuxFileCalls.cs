using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>The calls as system calls, each relative to a directory that was opened without following a link.</summary>
/// <remarks>
/// Every directory on the way is opened one by one with O_NOFOLLOW. openat2 does the same in one call, but kernels before 5.6 and
/// some sandboxes lack it.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class LinuxFileCalls(SafeFileHandle root) : IFileCalls
{
    private const uint OwnerReadsWrites = 0x180; // 0600
    private const uint OwnerOnly = 0x1C0; // 0700

    private readonly (ulong Device, ulong Mount) _volume = FileStatus.Of(root).Volume;
    private SafeFileHandle? _lock;

    public IOpenFile? Open(string path, OpenMode mode)
    {
        var handle = OpenFile(path, mode);
        if (handle is null)
        {
            return null;
        }

        try
        {
            var status = FileStatus.Of(handle);
            return status.IsFile ? new LinuxFile(handle, status.Size) : throw FileFault.Of("open", Errno.ENOTDIR);
        }
        catch (StorageException)
        {
            handle.Dispose();
            throw;
        }
    }

    public bool Rename(string from, string to)
    {
        using var source = OpenParent(from, out var sourceName) ?? throw FileFault.Of("open", Errno.ENOENT);
        using var target = OpenParent(to, out var targetName) ?? throw FileFault.Of("open", Errno.ENOENT);
        if (Libc.HasRenameat2)
        {
            if (Libc.renameat2(source, sourceName, target, targetName, Libc.RENAME_NOREPLACE) == 0)
            {
                return true;
            }

            if (Libc.LastError != Errno.EINVAL)
            {
                return Libc.LastError == Errno.EEXIST ? false : throw FileFault.OfLast("renameat2");
            }
        }

        // NFS, older ZFS and some C libraries cannot rename without replacing. A link does not replace either; a crash
        // before the old name goes leaves two names of one file, which the next try takes for an earlier success.
        if (Libc.linkat(source, sourceName, target, targetName, 0) != 0)
        {
            return Libc.LastError == Errno.EEXIST ? false : throw FileFault.OfLast("linkat");
        }

        return Libc.unlinkat(source, sourceName, 0) == 0 ? true : throw FileFault.OfLast("unlinkat");
    }

    public void CreateDirectory(string path)
    {
        using var parent = OpenParent(path, out var name) ?? throw FileFault.Of("open", Errno.ENOENT);
        if (Libc.mkdirat(parent, name, OwnerOnly) == 0)
        {
            return;
        }

        if (Libc.LastError != Errno.EEXIST)
        {
            throw FileFault.OfLast("mkdirat");
        }

        using var existing = OpenDirectoryAt(parent, name, Libc.O_PATH) ?? throw FileFault.Of("open", Errno.ENOENT);
        if (FileStatus.Of(existing).Volume != _volume)
        {
            throw FileFault.Of("mkdirat", Errno.EXDEV);
        }
    }

    public void SyncDirectory(string path)
    {
        using var directory = OpenDirectory(path, Libc.O_RDONLY) ?? throw FileFault.Of("open", Errno.ENOENT);
        LinuxFile.Sync(directory);
    }

    public bool Delete(string path)
    {
        using var parent = OpenParent(path, out var name);
        if (parent is null)
        {
            return false;
        }

        if (Libc.unlinkat(parent, name, 0) == 0)
        {
            return true;
        }

        return Libc.LastError == Errno.ENOENT ? false : throw FileFault.OfLast("unlinkat");
    }

    public IEnumerable<DirectoryEntry> List(string path)
    {
        using var directory = OpenDirectory(path, Libc.O_RDONLY);
        if (directory is null)
        {
            yield break;
        }

        foreach (var name in OpenedDirectory.Names(directory))
        {
            if (FileStatus.Find(directory, name) is { } status && (status.IsFile || status.IsDirectory))
            {
                yield return new DirectoryEntry(name, status.IsFile ? status.Size : null);
            }
        }
    }

    public bool TryLock(string path)
    {
        _lock = OpenFile(path, OpenMode.Create)!;
        if (Libc.flock(_lock, Libc.LOCK_EX | Libc.LOCK_NB) == 0)
        {
            return true;
        }

        return Libc.LastError == Errno.EAGAIN ? false : throw FileFault.OfLast("flock");
    }

    public void Dispose()
    {
        _lock?.Dispose();
        root.Dispose();
    }

    // Not blocking: a named pipe in the place of a file would otherwise hold the thread until somebody writes to it.
    private SafeFileHandle? OpenFile(string path, OpenMode mode)
    {
        var flags = Libc.O_NOFOLLOW | Libc.O_CLOEXEC | Libc.O_NONBLOCK | mode switch
        {
            OpenMode.Read => Libc.O_RDONLY,
            OpenMode.Continue => Libc.O_RDWR,
            _ => Libc.O_RDWR | Libc.O_CREAT,
        };
        using var parent = OpenParent(path, out var name);
        var file = parent is null ? null : OpenAt(parent, name, flags);
        return file is null && mode == OpenMode.Create ? throw FileFault.Of("open", Errno.ENOENT) : file;
    }

    private SafeFileHandle? OpenParent(string path, out string name)
    {
        var slash = path.LastIndexOf('/');
        name = path[(slash + 1)..];
        return OpenDirectory(path[..Math.Max(slash, 0)], Libc.O_PATH);
    }

    private SafeFileHandle? OpenDirectory(string path, int access)
    {
        if (path.Length == 0)
        {
            return new SafeFileHandle(root.DangerousGetHandle(), ownsHandle: false);
        }

        using var parent = OpenParent(path, out var name);
        return parent is null ? null : OpenDirectoryAt(parent, name, access);
    }

    private static SafeFileHandle? OpenDirectoryAt(SafeFileHandle parent, string name, int access) =>
        OpenAt(parent, name, access | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);

    private static SafeFileHandle? OpenAt(SafeFileHandle parent, string name, int flags)
    {
        for (var attempts = 0; ;)
        {
            var handle = Libc.openat(parent, name, flags, OwnerReadsWrites);
            if (!handle.IsInvalid)
            {
                return handle;
            }

            handle.Dispose();
            if (Libc.LastError == Errno.ENOENT)
            {
                return null;
            }

            if (!Libc.WasInterrupted(ref attempts))
            {
                throw FileFault.OfLast("open");
            }
        }
    }
}
