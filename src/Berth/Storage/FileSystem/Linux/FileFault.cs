using System.Runtime.InteropServices;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>The one place where an error number becomes a <see cref="StorageException"/>.</summary>
internal static class FileFault
{
    public static StorageException Of(string call, Errno errno) =>
        new($"{call} failed: {Explain(errno)} ({errno})", IsTransient(errno));

    /// <summary>The fault of the system call that this thread made last.</summary>
    public static StorageException OfLast(string call) => Of(call, Libc.LastError);

    private static bool IsTransient(Errno errno) => errno is
        Errno.ENOSPC or Errno.EDQUOT or Errno.EMFILE or Errno.ENFILE or Errno.EAGAIN or Errno.ENOMEM or Errno.EINTR;

    private static string Explain(Errno errno) => errno switch
    {
        Errno.EXDEV => "the data folder is spread over more than one file system or mount",
        Errno.ELOOP or Errno.ENOTDIR => "there is a symbolic link or a foreign file in the data folder",
        _ => Marshal.GetPInvokeErrorMessage((int)errno),
    };
}
