namespace Berth.Tests.Storage;

/// <summary>Counts this process's open descriptors of files under a folder; tests that run beside do not disturb it.</summary>
internal static class OpenDescriptors
{
    public static int Under(string folder) => Directory.GetFileSystemEntries("/proc/self/fd")
        .Select(descriptor => new FileInfo(descriptor).LinkTarget) // null when it was closed meanwhile
        .Count(target => target is not null && target.StartsWith(folder, StringComparison.Ordinal));
}
