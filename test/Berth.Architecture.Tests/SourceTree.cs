namespace Berth.Architecture.Tests;

/// <summary>The files of the repository, without what a build or a run leaves in it.</summary>
internal static class SourceTree
{
    private static readonly string[] Skipped = [".git", "artifacts", "bin", "obj", "berth-data", "TestResults", "node_modules"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Sources => Find(".cs");

    public static IEnumerable<string> Documents => Find(".md");

    /// <summary>As the documents name it: from the root, with slashes.</summary>
    public static string Name(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Find(string extension) =>
        Folders(Root).SelectMany(Directory.EnumerateFiles).Where(path => path.EndsWith(extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder)
            .Where(path => !Skipped.Contains(Path.GetFileName(path), StringComparer.Ordinal))
            .SelectMany(Folders)
            .Prepend(folder);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Berth.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run inside the repository");
        }

        return folder;
    }
}
