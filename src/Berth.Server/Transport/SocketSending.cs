using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Berth.Storage;
using Microsoft.Win32.SafeHandles;

namespace Berth.Server.Transport;

/// <summary>Ways to give all of something to a socket.</summary>
[SupportedOSPlatform("linux")]
internal static partial class SocketSending
{
    private const int EINTR = 4;
    private const int EIO = 5;
    private const int EAGAIN = 11;

    /// <summary>
    /// .NET can wait until bytes of ours are sent, but not until a socket has room. So these few of a file go that way whenever it has none.
    /// </summary>
    private const int Bridge = 16 * 1024;

    public static async ValueTask SendWholeAsync(this Socket socket, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        while (content.Length > 0)
        {
            content = content[await socket.SendAsync(content, SocketFlags.None, cancellationToken)..];
        }
    }

    /// <summary>Sends a part of a file from the kernel's memory.</summary>
    /// <param name="socket">Something was sent on it before: that made it one that does not block.</param>
    /// <exception cref="SocketException">The connection is gone.</exception>
    /// <exception cref="StorageException">The file is shorter, or the disk fails.</exception>
    public static async ValueTask SendFileAsync(
        this Socket socket, SafeFileHandle file, long offset, long length, CancellationToken cancellationToken)
    {
        for (var end = offset + length; offset < end;)
        {
            switch (sendfile(socket.SafeHandle, file, ref offset, (nint)(end - offset)))
            {
                case > 0:
                    break;
                case 0:
                    throw EndedEarly();
                case var _ when Marshal.GetLastPInvokeError() == EAGAIN:
                    offset += await CopyAsync(socket, file, offset, (int)Math.Min(end - offset, Bridge), cancellationToken);
                    break;
                case var _ when Marshal.GetLastPInvokeError() == EIO:
                    throw new StorageException("sendfile: the disk failed.", isTransient: false);
                case var _ when Marshal.GetLastPInvokeError() != EINTR:
                    throw new SocketException((int)SocketError.ConnectionReset);
            }
        }
    }

    private static async ValueTask<int> CopyAsync(
        Socket socket, SafeFileHandle file, long offset, int length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var read = Read(file, buffer.AsSpan(0, length), offset);
            await socket.SendWholeAsync(buffer.AsMemory(0, read), cancellationToken);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        try
        {
            return RandomAccess.Read(file, buffer, offset) is > 0 and var read ? read : throw EndedEarly();
        }
        catch (IOException fault)
        {
            throw new StorageException("read: the disk failed.", isTransient: false, fault);
        }
    }

    private static StorageException EndedEarly() => new("An object ended before its size.", isTransient: false);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint sendfile(SafeHandle socket, SafeFileHandle file, ref long offset, nint count);
}
