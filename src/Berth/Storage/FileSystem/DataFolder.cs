using System.Text.Json;
using Berth.Storage.FileSystem.Linux;
using Berth.Storage.FileSystem.Portable;

namespace Berth.Storage.FileSystem;

/// <summary>The folder that holds everything a registry stores on one machine, open and locked.</summary>
/// <remarks>
/// <code>
/// root/          mode 0700, owned by the user of this process
///   LOCK         locked for as long as the folder is open; empty
///   FORMAT       version, id and time of creation; written once
///   meta.db      the metadata database, with -wal and -shm beside it
///   staging/     objects being written
///   blobs/       committed objects: see FileSystemBlobStore
/// </code>
/// The path to the folder may lead over symbolic links; inside it none is followed.
/// </remarks>
public sealed class DataFolder : IDisposable
{
    private const int CurrentVersion = 1;
    internal const string LockName = "LOCK";
    internal const string FormatName = "FORMAT";
    internal const string NewFormatName = "FORMAT.new";
    private const string DatabaseName = "meta.db";
    private const int MaxFormatBytes = 4096;

    private DataFolder(string path, IFileCalls calls, DataFolderFormat format) => (FullPath, Calls, Id) = (path, calls, format.Id);

    /// <summary>The absolute path.</summary>
    public string FullPath { get; }

    /// <summary>Tells this folder from every other, also after it was moved or restored.</summary>
    public Guid Id { get; }

    /// <summary>Where the metadata database lies.</summary>
    public string DatabasePath => Path.Combine(FullPath, DatabaseName);

    internal static bool IsDatabaseFile(string name) => name is DatabaseName or $"{DatabaseName}-wal" or $"{DatabaseName}-shm";

    internal IFileCalls Calls { get; }

    /// <summary>Opens a folder and locks it, making it first when it is not there.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="allowRemoteFileSystem">Accepts NFS, SMB and FUSE, at the operator's own risk: there what is promised of locks and syncs need not hold.</param>
    /// <exception cref="DataFolderInUseException">Another process has it open.</exception>
    /// <exception cref="DataFolderException">It must not be used as it is.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    public static DataFolder Open(string path, bool allowRemoteFileSystem, TimeProvider time)
    {
        var fullPath = FullPathOf(path);
        DemandOwn(fullPath);
        return Open(fullPath, OpenCalls(fullPath, allowRemoteFileSystem), time);
    }

    /// <summary>Opens a folder only to look at it, also beside the process that has it locked. Nothing in it is made or changed.</summary>
    /// <exception cref="DataFolderException">It is no data folder, or of another version.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    public static DataFolder OpenReadOnly(string path)
    {
        var fullPath = FullPathOf(path);
        if (!File.Exists(Path.Combine(fullPath, FormatName)))
        {
            throw new DataFolderException($"There is no data folder at '{fullPath}'.");
        }

        var calls = OpenCalls(fullPath, allowRemoteFileSystem: true);
        try
        {
            return new DataFolder(fullPath, calls, DemandKnown(fullPath, ReadFormat(fullPath, calls)!));
        }
        catch
        {
            calls.Dispose();
            throw;
        }
    }

    /// <summary>Closes the folder and lets go of its lock.</summary>
    public void Dispose() => Calls.Dispose();

    internal static DataFolder Open(string fullPath, IFileCalls calls, TimeProvider time)
    {
        try
        {
            if (!calls.TryLock(LockName))
            {
                throw new DataFolderInUseException(fullPath);
            }

            var format = DemandKnown(fullPath, ReadFormat(fullPath, calls) ?? CreateFormat(calls, time));
            calls.CreateDirectory(BlobPaths.Staging);
            calls.CreateDirectory(BlobPaths.Blobs);
            calls.CreateDirectory(BlobPaths.Top(DigestAlgorithm.Sha256));
            calls.CreateDirectory(BlobPaths.Top(DigestAlgorithm.Sha512));
            calls.SyncDirectory(BlobPaths.Blobs);
            calls.SyncDirectory(string.Empty);
            return new DataFolder(fullPath, calls, format);
        }
        catch
        {
            calls.Dispose();
            throw;
        }
    }

    private static string FullPathOf(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>A folder that something else has filled is not taken over, and its database is in it and nowhere else.</summary>
    private static void DemandOwn(string fullPath)
    {
        var folder = new DirectoryInfo(fullPath);
        if (!folder.Exists)
        {
            return;
        }

        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (IsDatabaseFile(entry.Name) && entry.LinkTarget is not null)
            {
                throw new DataFolderException($"The data folder '{fullPath}' has a link in place of {entry.Name}.");
            }

            var isOwn = entry.Name is LockName or FormatName or NewFormatName or BlobPaths.Staging or BlobPaths.Blobs or "lost+found"
                || IsDatabaseFile(entry.Name);
            if (!isOwn && !File.Exists(Path.Combine(fullPath, FormatName)))
            {
                var owner = Directory.Exists(Path.Combine(fullPath, "docker", "registry", "v2")) ? " (CNCF distribution keeps its data in it)" : "";
                throw new DataFolderException($"The folder '{fullPath}' is not empty and is no data folder of this program{owner}: choose another one.");
            }
        }
    }

    private static IFileCalls OpenCalls(string fullPath, bool allowRemoteFileSystem) => OperatingSystem.IsLinux()
        ? new LinuxFileCalls(LinuxDataRoot.Open(fullPath, FormatName, allowRemoteFileSystem))
        : new PortableFileCalls(fullPath);

    private static DataFolderFormat DemandKnown(string fullPath, DataFolderFormat format) => format.Version == CurrentVersion
        ? format
        : throw new DataFolderException(
            $"The data folder '{fullPath}' has format {format.Version}, but this program knows only format {CurrentVersion}.");

    private static DataFolderFormat? ReadFormat(string fullPath, IFileCalls calls)
    {
        using var file = calls.Open(FormatName, OpenMode.Read);
        if (file is null)
        {
            return null;
        }

        Span<byte> content = stackalloc byte[MaxFormatBytes];
        var length = 0;
        for (int read; (read = file.Read(content[length..], length)) > 0;)
        {
            length += read;
        }

        try
        {
            return JsonSerializer.Deserialize(content[..length], DataFolderJson.Default.DataFolderFormat)
                ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new DataFolderException($"The data folder '{fullPath}' has a FORMAT file that cannot be read.");
        }
    }

    // Under another name first: a FORMAT that is there is whole.
    private static DataFolderFormat CreateFormat(IFileCalls calls, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var format = new DataFolderFormat(CurrentVersion, Guid.CreateVersion7(now), now);
        ReadOnlySpan<byte> content = JsonSerializer.SerializeToUtf8Bytes(format, DataFolderJson.Default.DataFolderFormat);
        using var file = calls.Open(NewFormatName, OpenMode.Create)!;
        file.Truncate(0);
        for (var offset = 0; offset < content.Length;)
        {
            offset += file.Write(content[offset..], offset);
        }

        file.Sync();
        calls.Rename(NewFormatName, FormatName);
        file.MakeReadOnly();
        return format;
    }
}
