using System.Diagnostics.CodeAnalysis;

namespace Berth.Storage.FileSystem.Portable;

/// <summary>The calls over the platform's own API, for people who develop on Windows or macOS. It promises less: see the members.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "Where the system calls of Linux are not, these are all there is.")]
internal sealed class PortableFileCalls(string root) : IFileCalls
{
    private FileStream? _lock;

    public IOpenFile? Open(string path, OpenMode mode) => PortableFault.Translated(() =>
    {
        var exists = File.Exists(Full(path));
        return !exists && mode != OpenMode.Create
            ? null
            : new PortableFile(File.OpenHandle(
                Full(path),
                exists ? FileMode.Open : FileMode.CreateNew,
                mode == OpenMode.Read ? FileAccess.Read : FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete));
    });

    /// <summary>Not atomic towards another writer of the same name, which the keys rule out.</summary>
    public bool Rename(string from, string to) => PortableFault.Translated(() =>
    {
        var isFree = !File.Exists(Full(to));
        if (isFree)
        {
            File.Move(Full(from), Full(to));
        }

        return isFree;
    });

    public void CreateDirectory(string path) => PortableFault.Translated(() => Directory.CreateDirectory(Full(path)));

    /// <summary>Does nothing: the platform's API cannot sync a directory.</summary>
    public void SyncDirectory(string path)
    {
    }

    public bool Delete(string path) => PortableFault.Translated(() =>
    {
        var exists = File.Exists(Full(path));
        if (exists)
        {
            File.Delete(Full(path));
        }

        return exists;
    });

    public IEnumerable<DirectoryEntry> List(string path)
    {
        var entries = PortableFault.Translated(new DirectoryInfo(Full(path)).EnumerateFileSystemInfos);
        foreach (var entry in entries.Where(entry => entry.Exists && entry.LinkTarget is null))
        {
            yield return new DirectoryEntry(entry.Name, (entry as FileInfo)?.Length);
        }
    }

    public bool TryLock(string path)
    {
        Directory.CreateDirectory(root);
        try
        {
            _lock = new FileStream(Full(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => _lock?.Dispose();

    private string Full(string path) => Path.Combine(root, path);
}
