using Microsoft.Win32.SafeHandles;

namespace Berth.Storage;

/// <summary>Optional: content that is a file of this machine, which the kernel can send by itself.</summary>
public interface IFileContent : IBlobContent
{
    /// <summary>The open file, from its first byte on; null when it is none after all. It is closed with the content.</summary>
    SafeFileHandle? File { get; }
}
