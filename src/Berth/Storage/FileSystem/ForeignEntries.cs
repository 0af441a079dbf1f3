namespace Berth.Storage.FileSystem;

/// <summary>Finds what does not belong into a data folder: links, names that are nobody's, and files that others may write to.</summary>
internal static class ForeignEntries
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>Walks the folder without following links; one line for each thing that is wrong, its path relative to the folder.</summary>
    public static IEnumerable<string> Find(string root) => Walk(new DirectoryInfo(root), "");

    private static IEnumerable<string> Walk(DirectoryInfo directory, string path)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos("*", Everything))
        {
            var name = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
            if (entry.LinkTarget is not null)
            {
                yield return $"{name} is a symbolic link";
            }
            else if (!IsKnown(path, entry))
            {
                yield return $"{name} is not the name of anything that belongs here";
            }
            else if (path.Length > 0 && entry is FileInfo && IsOpenToOthers(entry))
            {
                yield return $"{name} is accessible to others than its owner";
            }
            else if (entry is DirectoryInfo child)
            {
                foreach (var found in Walk(child, name))
                {
                    yield return found;
                }
            }
        }
    }

    /// <summary>A file that has just been renamed or deleted has no mode any more.</summary>
    private static bool IsOpenToOthers(FileSystemInfo entry) =>
        !OperatingSystem.IsWindows() && (entry.UnixFileMode & Others) != UnixFileMode.None && entry.UnixFileMode >= UnixFileMode.None;

    private static bool IsKnown(string path, FileSystemInfo entry) => (path.Split('/'), entry) switch
    {
        ([""], DirectoryInfo) => entry.Name is BlobPaths.Staging or BlobPaths.Blobs,
        ([""], _) => entry.Name is DataFolder.LockName or DataFolder.FormatName or DataFolder.NewFormatName || DataFolder.IsDatabaseFile(entry.Name),
        ([BlobPaths.Staging], FileInfo) => BlobKey.TryParse(entry.Name, out _),
        ([BlobPaths.Blobs], DirectoryInfo) => DigestAlgorithm.TryParse(entry.Name, out _),
        ([BlobPaths.Blobs, _], DirectoryInfo) or ([BlobPaths.Blobs, _, _], DirectoryInfo) => entry.Name.Length == 2,
        ([BlobPaths.Blobs, var algorithm, _, _], FileInfo) =>
            DigestAlgorithm.TryParse(algorithm, out var known) && BlobPaths.TryParseCommitted(path, entry.Name, known, out _, out _),
        _ => false,
    };
}
