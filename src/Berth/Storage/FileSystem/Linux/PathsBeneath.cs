using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>Opens what lies beneath a directory, following no symbolic link in any component.</summary>
/// <remarks>
/// openat2 does that in one call. Kernels before 5.6 and some sandboxes lack it; there each directory on the way is opened on its own.
/// </remarks>
internal sealed class PathsBeneath(SafeFileHandle root, bool useOpenat2) : IDisposable
{
    private const uint OwnerReadsWrites = 0x180; // 0600

    /// <summary>Whether this kernel, and whatever filters its calls, lets this process use openat2.</summary>
    public static bool HasOpenat2(SafeFileHandle root)
    {
        using var self = Openat2(root, ".", Libc.O_PATH | Libc.O_CLOEXEC);
        return !self.IsInvalid;
    }

    /// <summary>Opens a path relative to the root, or returns null when it is not there. O_CLOEXEC and O_NOFOLLOW go without saying.</summary>
    public SafeFileHandle? Open(string path, int flags)
    {
        flags |= Libc.O_CLOEXEC | Libc.O_NOFOLLOW;
        if (useOpenat2)
        {
            return Try(root, path, flags, Openat2);
        }

        using var parent = OpenParent(path, out var name);
        return parent is null ? null : Try(parent, name, flags, Openat);
    }

    /// <summary>Opens the directory that a path is a name in.</summary>
    public SafeFileHandle? OpenParent(string path, out string name)
    {
        var slash = path.LastIndexOf('/');
        name = path[(slash + 1)..];
        return OpenDirectory(path[..Math.Max(slash, 0)], Libc.O_PATH);
    }

    /// <summary>Opens a directory; the empty path is the root.</summary>
    public SafeFileHandle? OpenDirectory(string path, int access) =>
        path.Length == 0
            ? Try(root, ".", access | Libc.O_DIRECTORY | Libc.O_CLOEXEC, Openat)
            : Open(path, access | Libc.O_DIRECTORY);

    public void Dispose() => root.Dispose();

    private static SafeFileHandle? Try(
        SafeFileHandle directory, string path, int flags, Func<SafeFileHandle, string, int, SafeFileHandle> open)
    {
        for (var attempts = 0; ;)
        {
            var handle = open(directory, path, flags);
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

    private static SafeFileHandle Openat(SafeFileHandle directory, string name, int flags) =>
        Libc.openat(directory, name, flags, OwnerReadsWrites);

    private static SafeFileHandle Openat2(SafeFileHandle directory, string path, int flags)
    {
        var how = new OpenHow(flags, OwnerReadsWrites);
        return new SafeFileHandle(Libc.syscall(Libc.SYS_openat2, directory, path, how, Unsafe.SizeOf<OpenHow>()), ownsHandle: true);
    }
}
