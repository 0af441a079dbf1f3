using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Portable;

[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "Where the system calls of Linux are not, these are all there is.")]
internal sealed class PortableFile(SafeFileHandle handle) : IOpenFile
{
    public long Length { get; } = RandomAccess.GetLength(handle);

    public SafeFileHandle? Handle => null;

    public int Read(Span<byte> buffer, long offset)
    {
        try
        {
            return RandomAccess.Read(handle, buffer, offset);
        }
        catch (IOException fault)
        {
            throw PortableFault.Of(fault);
        }
    }

    public int Write(ReadOnlySpan<byte> content, long offset)
    {
        try
        {
            RandomAccess.Write(handle, content, offset);
            return content.Length;
        }
        catch (IOException fault)
        {
            throw PortableFault.Of(fault);
        }
    }

    public void Truncate(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (IOException fault)
        {
            throw PortableFault.Of(fault);
        }
    }

    /// <summary>Does nothing: Windows cannot delete a read-only file.</summary>
    public void MakeReadOnly()
    {
    }

    /// <summary>Windows and macOS report a fault here; on Linux this would not.</summary>
    public void Sync()
    {
        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (IOException fault)
        {
            throw PortableFault.Of(fault);
        }
    }

    public void Dispose() => handle.Dispose();
}
