namespace Berth.Storage.FileSystem.Linux;

/// <summary>The kernel's error numbers that somebody here asks about. They are the same on every architecture .NET runs on.</summary>
internal enum Errno
{
    ENOENT = 2,
    EINTR = 4,
    EIO = 5,
    EAGAIN = 11,
    ENOMEM = 12,
    EEXIST = 17,
    EXDEV = 18,
    ENOTDIR = 20,
    EINVAL = 22,
    ENFILE = 23,
    EMFILE = 24,
    ENOSPC = 28,
    ELOOP = 40,
    EDQUOT = 122,
}
