namespace Berth.Storage.FileSystem;

/// <summary>A file or directory found by listing a directory.</summary>
/// <param name="Size">Size in bytes; null for a directory.</param>
internal readonly record struct DirectoryEntry(string Name, long? Size)
{
    public bool IsDirectory => Size is null;
}
