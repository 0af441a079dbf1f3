namespace Berth.Server.Protocol;

/// <summary>Scheme and host that a proxy says the client used: <c>Forwarded</c> (RFC 7239), else <c>X-Forwarded-Proto</c> and <c>-Host</c>.</summary>
internal static class ForwardedOrigin
{
    /// <returns>Such as <c>https://registry.example</c>; null when nothing was forwarded or it is malformed.</returns>
    public static string? Of(HttpRequest request)
    {
        string? scheme, host;
        if (request.Headers["Forwarded"] is [{ Length: > 0 } forwarded, ..])
        {
            var first = First(forwarded);
            (scheme, host) = (Parameter(first, "proto"), Parameter(first, "host"));
        }
        else
        {
            (scheme, host) = (First(request.Headers["X-Forwarded-Proto"]), First(request.Headers["X-Forwarded-Host"]));
        }

        if (scheme is null && host is null)
        {
            return null;
        }

        var origin = $"{scheme ?? request.Scheme}://{host ?? request.Host.Value}";
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && !origin.EndsWith('/')
                ? origin
                : null;
    }

    private static string? First(string? list)
    {
        var first = list?.Split(',', 2)[0].Trim();
        return string.IsNullOrEmpty(first) ? null : first;
    }

    private static string? Parameter(string? element, string name)
    {
        foreach (var pair in element?.Split(';') ?? [])
        {
            var parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parts[1].Trim('"');
            }
        }

        return null;
    }
}
