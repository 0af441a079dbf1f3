using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.FileSystem.Linux;

/// <summary>Lists an open directory.</summary>
internal static class OpenedDirectory
{
    /// <summary>The names in it, read from the disk as the caller asks for them.</summary>
    public static IEnumerable<string> Names(SafeFileHandle directory)
    {
        // Through the descriptor and not through its path: that may have become something else since it was opened.
        using var paths = Translated(() => Directory.EnumerateFileSystemEntries($"/proc/self/fd/{directory.DangerousGetHandle()}").GetEnumerator());
        while (Translated(paths.MoveNext))
        {
            yield return Path.GetFileName(paths.Current);
        }
    }

    private static T Translated<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StorageException("listing a directory failed", isTransient: false, fault);
        }
    }
}
