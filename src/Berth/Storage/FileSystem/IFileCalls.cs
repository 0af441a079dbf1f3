namespace Berth.Storage.FileSystem;

/// <summary>The file calls that the store's promises rest on, within one folder. Tests wrap it to make a call fail.</summary>
/// <remarks>
/// Paths are relative to the folder and separated by '/'; the empty path is the folder itself. A symbolic link in any
/// component is refused, never followed. Every fault is a <see cref="StorageException"/> whose message carries no path.
/// </remarks>
internal interface IFileCalls : IDisposable
{
    /// <summary>Opens a regular file, or returns null when there is none. The caller disposes it.</summary>
    IOpenFile? Open(string path, OpenMode mode);

    /// <summary>Gives a file another name. False when that name is taken: nothing is ever replaced.</summary>
    bool Rename(string from, string to);

    /// <summary>Makes a directory, or accepts the one that is there if files can be renamed into it from the rest of the folder.</summary>
    void CreateDirectory(string path);

    /// <summary>When this returns, the names in a directory survive a power cut. The files behind them are synced on their own.</summary>
    void SyncDirectory(string path);

    /// <summary>Deletes a file. False when there was none.</summary>
    bool Delete(string path);

    /// <summary>Lists the files and directories in a directory, reading on as the caller does. A directory that is missing is a fault.</summary>
    IEnumerable<DirectoryEntry> List(string path);

    /// <summary>Takes an exclusive lock on a file until this object is disposed or the process ends. False when another process has it.</summary>
    bool TryLock(string path);
}
