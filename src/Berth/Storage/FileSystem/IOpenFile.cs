using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem;

/// <summary>An open regular file. Every fault is a <see cref="StorageException"/>.</summary>
internal interface IOpenFile : IDisposable
{
    /// <summary>Size in bytes when it was opened.</summary>
    long Length { get; }

    /// <summary>What the kernel knows it by, to read from; null: it must be read through this.</summary>
    SafeFileHandle? Handle { get; }

    /// <summary>Reads at an offset. May return fewer bytes than asked for; zero only at the end.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Writes at an offset and returns how much was written: at least one byte, perhaps not all.</summary>
    int Write(ReadOnlySpan<byte> content, long offset);

    /// <summary>Cuts the file to a length.</summary>
    void Truncate(long length);

    /// <summary>Takes everybody's right to open it for writing.</summary>
    void MakeReadOnly();

    /// <summary>When this returns, the content survives a power cut. After a fault it must not be tried again: the next try may lie.</summary>
    void Sync();
}
