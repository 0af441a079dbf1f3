using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>The kernel's <c>struct statx</c>, which unlike <c>struct stat</c> is the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly struct FileStatus
{
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const uint Wanted = 0x7FF | 0x1000; // the basic fields and the mount
    private const int TypeMask = 0xF000;

    [FieldOffset(20)]
    public readonly uint Owner;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(40)]
    public readonly long Size;

    [FieldOffset(136)]
    private readonly ulong _device;

    [FieldOffset(144)]
    private readonly ulong _mount; // zero before Linux 5.8

    public bool IsFile => (_mode & TypeMask) == 0x8000;

    public bool IsDirectory => (_mode & TypeMask) == 0x4000;

    public UnixFileMode Permissions => (UnixFileMode)(_mode & 0xFFF);

    /// <summary>What must be equal for a file to be renamed from one place to another.</summary>
    public (ulong Device, ulong Mount) Volume => (_device, _mount);

    public static FileStatus Of(SafeFileHandle file) =>
        Libc.statx(file, string.Empty, AT_EMPTY_PATH, Wanted, out var status) == 0 ? status : throw FileFault.OfLast("statx");

    /// <summary>The status of a name in a directory, not following it; null when it is gone.</summary>
    public static FileStatus? Find(SafeFileHandle directory, string name) =>
        Libc.statx(directory, name, AT_SYMLINK_NOFOLLOW, Wanted, out var status) == 0 ? status
        : Libc.LastError == Errno.ENOENT ? null
        : throw FileFault.OfLast("statx");
}
