using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>The last of a disk is kept for the database: who has filled a disk with blobs must still be able to delete some.</summary>
internal static class FreeSpace
{
    /// <summary>Enough for the log of the database, what it is moved to, and the uploads that are under way between two looks.</summary>
    private const long Reserve = 64 * 1024 * 1024;

    /// <summary>On a small file system the reserve is one part in this many.</summary>
    private const int Part = 20;

    /// <exception cref="StorageException">Transient: only the reserve is left of the file system that a file is on.</exception>
    public static void Demand(SafeFileHandle file)
    {
        Span<byte> status = stackalloc byte[256];
        if (Libc.fstatfs(file, status) != 0)
        {
            throw FileFault.OfLast("fstatfs");
        }

        // struct statfs: type, block size, blocks, free blocks, blocks free for everybody
        var words = MemoryMarshal.Cast<byte, long>(status);
        var (block, blocks, available) = (words[1], words[2], words[4]);
        if (available < Math.Min(Reserve / block, blocks / Part))
        {
            throw new StorageException("the disk is full, except for what is kept for the database", isTransient: true);
        }
    }
}
