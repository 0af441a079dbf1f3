using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

internal sealed class LinuxFile(SafeFileHandle handle, long length) : IOpenFile
{
    private const uint OwnerReads = 0x100; // 0400
    private const int LookAtSpaceEvery = 1024 * 1024;

    private long _spaceSeenUpTo;

    public long Length => length;

    public SafeFileHandle Handle => handle;

    public int Read(Span<byte> buffer, long offset)
    {
        for (var attempts = 0; ;)
        {
            var read = Libc.pread(handle, buffer, buffer.Length, offset);
            if (read >= 0)
            {
                return (int)read;
            }

            if (!Libc.WasInterrupted(ref attempts))
            {
                throw FileFault.OfLast("pread");
            }
        }
    }

    public int Write(ReadOnlySpan<byte> content, long offset)
    {
        if (offset >= _spaceSeenUpTo)
        {
            FreeSpace.Demand(handle);
            _spaceSeenUpTo = offset + LookAtSpaceEvery;
        }

        for (var attempts = 0; ;)
        {
            var written = Libc.pwrite(handle, content, content.Length, offset);
            if (written > 0)
            {
                return (int)written;
            }

            if (written == 0)
            {
                throw FileFault.Of("pwrite", Errno.EIO); // no progress and no reason: trying on would not end
            }

            if (!Libc.WasInterrupted(ref attempts))
            {
                throw FileFault.OfLast("pwrite");
            }
        }
    }

    public void Truncate(long length)
    {
        for (var attempts = 0; Libc.ftruncate(handle, length) != 0;)
        {
            if (!Libc.WasInterrupted(ref attempts))
            {
                throw FileFault.OfLast("ftruncate");
            }
        }
    }

    public void MakeReadOnly()
    {
        if (Libc.fchmod(handle, OwnerReads) != 0)
        {
            throw FileFault.OfLast("fchmod");
        }
    }

    public void Sync() => Sync(handle);

    public void Dispose() => handle.Dispose();

    internal static void Sync(SafeFileHandle fileOrDirectory)
    {
        for (var attempts = 0; Libc.fsync(fileOrDirectory) != 0;)
        {
            if (!Libc.WasInterrupted(ref attempts))
            {
                throw FileFault.OfLast("fsync");
            }
        }
    }
}
