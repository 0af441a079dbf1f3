using System.Runtime.InteropServices;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>The kernel's <c>struct open_how</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct OpenHow(int flags, uint mode)
{
    private const ulong RESOLVE_NO_SYMLINKS = 4;
    private const ulong RESOLVE_BENEATH = 8;

    private readonly ulong _flags = (uint)flags;
    private readonly ulong _mode = (flags & Libc.O_CREAT) != 0 ? mode : 0; // the kernel refuses a mode that has no use
    private readonly ulong _resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
}
