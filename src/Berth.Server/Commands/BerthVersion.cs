using System.Reflection;

namespace Berth.Server.Commands;

/// <summary>The version of this program.</summary>
public static class BerthVersion
{
    /// <summary>With the commit it was built from, such as <c>0.1.0+de224c7…</c>, when the build knew it.</summary>
    public static string WithCommit { get; } =
        typeof(BerthVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Without the commit.</summary>
    public static string Text { get; } = WithCommit.Split('+')[0];
}
