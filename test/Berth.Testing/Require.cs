namespace Berth.Testing;

/// <summary>What a test needs from the machine: missing, it skips on a developer's machine and fails where CI=true.</summary>
public static class Require
{
    public static void Linux() => That(OperatingSystem.IsLinux(), "Linux");

    public static void Root() => That(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "root on Linux");

    public static void Tool(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        That(folders.Any(folder => File.Exists(Path.Combine(folder, name))), $"the tool {name}");
    }

    private static void That(bool isThere, string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.True(isThere, $"This test needs {what}, which CI must have.");
        }

        Assert.SkipUnless(isThere, $"needs {what}");
    }
}
