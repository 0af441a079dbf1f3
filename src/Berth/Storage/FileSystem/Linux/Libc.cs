using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>System calls under the names of their manual pages.</summary>
/// <remarks>
/// .NET's own calls do not do: on Linux they swallow the errors of fsync, cannot sync a directory, and cannot rename without
/// either replacing or copying. <c>open</c>, <c>openat</c> and <c>syscall</c> are variadic in C,
/// which on this system's 64-bit architectures is called like any other function.
/// </remarks>
internal static partial class Libc
{
    public const int O_RDONLY = 0;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;
    public const uint RENAME_NOREPLACE = 1;
    public const nint SYS_openat2 = 437;

    /// <summary>Fails unless the last component is a directory.</summary>
    public static readonly int O_DIRECTORY = IsArmOrPower ? 0x4000 : 0x10000;

    /// <summary>Fails when the last component is a symbolic link.</summary>
    public static readonly int O_NOFOLLOW = IsArmOrPower ? 0x8000 : 0x20000;

    /// <summary>Not every C library has the function.</summary>
    public static readonly bool HasRenameat2 =
        NativeLibrary.TryGetExport(NativeLibrary.Load("libc", typeof(Libc).Assembly, null), nameof(renameat2), out _);

    private const int Patience = 100;

    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    private static bool IsArmOrPower => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Ppc64le;

    /// <summary>Whether the last call was interrupted by a signal and should be made again.</summary>
    public static bool WasInterrupted(ref int attempts) => LastError == Errno.EINTR && ++attempts < Patience;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle openat(SafeFileHandle directory, string name, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint syscall(nint number, SafeFileHandle directory, string path, in OpenHow how, nint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint pread(SafeFileHandle file, Span<byte> buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint pwrite(SafeFileHandle file, ReadOnlySpan<byte> content, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ftruncate(SafeFileHandle file, long length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(SafeFileHandle file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkdirat(SafeFileHandle directory, string name, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlinkat(SafeFileHandle directory, string name, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int linkat(SafeFileHandle fromDirectory, string from, SafeFileHandle toDirectory, string to, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int renameat2(SafeFileHandle fromDirectory, string from, SafeFileHandle toDirectory, string to, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(SafeFileHandle directory, string name, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fstatfs(SafeFileHandle file, Span<byte> status);

    [LibraryImport("libc")]
    public static partial uint geteuid();
}
