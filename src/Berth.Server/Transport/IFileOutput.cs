using System.IO.Pipelines;
using Berth.Storage;
using Microsoft.Win32.SafeHandles;

namespace Berth.Server.Transport;

/// <summary>A connection that can send parts of files from the kernel's memory, without a copy in ours.</summary>
internal interface IFileOutput
{
    /// <summary>
    /// Why a part of a file could not be sent. The connection is then at its end: less than was promised has left it.
    /// </summary>
    StorageException? Fault { get; }

    /// <summary>Writes bytes of a file into a response that has started. They are read when the writer is flushed, which has to come next.</summary>
    /// <param name="response">The writer of a response on this connection.</param>
    /// <param name="file">Open until that flush has ended.</param>
    /// <param name="offset">Where the bytes begin in the file.</param>
    /// <param name="length">How many are wanted.</param>
    /// <returns>
    /// How many were written; zero when something between the response and the socket, such as TLS, wants to see the bytes: then they have to be
    /// written as any others.
    /// </returns>
    int Write(PipeWriter response, SafeFileHandle file, long offset, long length);
}
