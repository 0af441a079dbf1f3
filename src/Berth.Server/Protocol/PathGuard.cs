namespace Berth.Server.Protocol;

/// <summary>Refuses request targets that two readers could take for different paths.</summary>
/// <remarks>
/// Kestrel resolves dot segments before anybody sees the path, and leaves <c>%2f</c> as it is: a proxy in front that guards paths
/// would have judged another one. No name, tag, digest or upload id needs an escape, except that some clients escape the colon of
/// a digest.
/// </remarks>
internal static class PathGuard
{
    /// <param name="target">The request target as it came, with its query.</param>
    public static bool IsUnambiguous(ReadOnlySpan<char> target)
    {
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        if (!path.StartsWith('/')) // absolute form: judge what follows the authority
        {
            var authority = path.IndexOf("://");
            var slash = authority < 0 ? -1 : path[(authority + 3)..].IndexOf('/');
            if (slash < 0)
            {
                return false;
            }

            path = path[(authority + 3 + slash)..];
        }

        foreach (var character in path)
        {
            if (character is < '!' or > '~' or '\\' or ';' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}' or '#')
            {
                return false;
            }
        }

        return !path.Contains("//", StringComparison.Ordinal) && OnlyColonsAreEscaped(path) && !HasDotSegment(path);
    }

    private static bool OnlyColonsAreEscaped(ReadOnlySpan<char> path)
    {
        while (path.IndexOf('%') is >= 0 and var escape)
        {
            path = path[escape..];
            if (!path.StartsWith("%3a", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            path = path[3..];
        }

        return true;
    }

    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        foreach (var segment in path.Split('/'))
        {
            if (path[segment] is "." or "..")
            {
                return true;
            }
        }

        return false;
    }
}
