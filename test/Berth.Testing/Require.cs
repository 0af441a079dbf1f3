namespace Berth.Testing;

/// <summary>What a test needs from the machine: missing, it skips on a developer's machine and fails where CI=true.</summary>
public static class Require
{
    /// <summary>Another system is not something missing: there it skips everywhere.</summary>
    public static void Linux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

    public static void Root()
    {
        Linux();
        That(Environment.IsPrivilegedProcess, "root");
    }

    public static void Tool(string name) => That(HasTool(name), $"the tool {name}");

    public static bool HasTool(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        return folders.Any(folder => File.Exists(Path.Combine(folder, name)));
    }

    public static void That(bool isThere, string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.True(isThere, $"This test needs {what}, which CI must have.");
        }

        Assert.SkipUnless(isThere, $"needs {what}");
    }
}
