using System.Formats.Tar;

namespace Berth.Interop.Tests;

/// <summary>What the images of the tests are made of.</summary>
public static class Images
{
    /// <summary>What a container of such an image prints.</summary>
    public const string Greeting = "moored at the berth";

    /// <summary>More than a gibibyte.</summary>
    public const long LargeSize = 1100L << 20;

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes an archive of executable files.</summary>
    public static async Task WriteTarAsync(string path, (string Name, Stream Content)[] files, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax);
        foreach (var (name, content) in files)
        {
            var entry = new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = Executable,
            };
            await tar.WriteEntryAsync(entry, cancellationToken);
        }
    }
}
