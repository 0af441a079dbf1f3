using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>The calls as system calls, each relative to a directory that was opened without following a link.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxFileCalls : IFileCalls
{
    private const uint OwnerOnly = 0x1C0; // 0700

    private readonly PathsBeneath _paths;
    private readonly (ulong Device, ulong Mount) _volume;
    private SafeFileHandle? _lock;

    public LinuxFileCalls(SafeFileHandle root)
        : this(root, PathsBeneath.HasOpenat2(root))
    {
    }

    internal LinuxFileCalls(SafeFileHandle root, bool useOpenat2)
    {
        _paths = new PathsBeneath(root, useOpenat2);
        _volume = FileStatus.Of(root).Volume;
    }

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
        using var source = _paths.OpenParent(from, out var sourceName) ?? throw FileFault.Of("open", Errno.ENOENT);
        using var target = _paths.OpenParent(to, out var targetName) ?? throw FileFault.Of("open", Errno.ENOENT);
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
        using var parent = _paths.OpenParent(path, out var name) ?? throw FileFault.Of("open", Errno.ENOENT);
        if (Libc.mkdirat(parent, name, OwnerOnly) == 0)
        {
            return;
        }

        if (Libc.LastError != Errno.EEXIST)
        {
            throw FileFault.OfLast("mkdirat");
        }

        using var existing = _paths.OpenDirectory(path, Libc.O_PATH) ?? throw FileFault.Of("open", Errno.ENOENT);
        if (FileStatus.Of(existing).Volume != _volume)
        {
            throw FileFault.Of("mkdirat", Errno.EXDEV);
        }
    }

    public void SyncDirectory(string path)
    {
        using var directory = _paths.OpenDirectory(path, Libc.O_RDONLY) ?? throw FileFault.Of("open", Errno.ENOENT);
        LinuxFile.Sync(directory);
    }

    public bool Delete(string path)
    {
        using var parent = _paths.OpenParent(path, out var name);
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
        using var directory = _paths.OpenDirectory(path, Libc.O_RDONLY) ?? throw FileFault.Of("open", Errno.ENOENT);
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
        _paths.Dispose();
    }

    // Not blocking: a named pipe in the place of a file would otherwise hold the thread until somebody writes to it.
    private SafeFileHandle? OpenFile(string path, OpenMode mode)
    {
        var file = _paths.Open(path, Libc.O_NONBLOCK | mode switch
        {
            OpenMode.Read => Libc.O_RDONLY,
            OpenMode.Continue => Libc.O_RDWR,
            _ => Libc.O_RDWR | Libc.O_CREAT,
        });
        return file is null && mode == OpenMode.Create ? throw FileFault.Of("open", Errno.ENOENT) : file;
    }
}
