namespace Berth.Server.Configuration;

/// <summary>Dotted paths as messages show them: <c>notifications.endpoints[0].url</c>.</summary>
internal static class KeyPath
{
    public static string Join(string parent, string name) => parent.Length == 0 ? Printable.Of(name) : $"{parent}.{Printable.Of(name)}";
}
