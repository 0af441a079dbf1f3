namespace Berth.Server.Protocol;

/// <summary>Writes <c>Location</c> headers that lead the client back here, whatever stands between.</summary>
/// <remarks>
/// In this order: the configured public address; the address that a trusted proxy says the client used; relative, unless
/// <c>relativeurls: false</c> asks for the request's own Host. Relative is what cannot be wrong.
/// </remarks>
internal sealed class Locations(LocationOptions options, TrustedProxies proxies)
{
    /// <summary>The path of a request as the client sees it: below the public address's own path, when one is configured.</summary>
    public string PathOf(HttpRequest request) =>
        $"{options.PublicAddress?.AbsolutePath.TrimEnd('/') ?? request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}";

    /// <param name="path">What follows <c>/v2/</c>.</param>
    public string Of(HttpContext context, string path)
    {
        var request = context.Request;
        if (options.PublicAddress is { } address)
        {
            return $"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v2/{path}";
        }

        var relative = $"{request.PathBase}/v2/{path}";
        if (options.IsRelative == true)
        {
            return relative;
        }

        if (proxies.Has(context.Connection.RemoteIpAddress) && ForwardedOrigin.Of(request) is { } origin)
        {
            return origin + relative;
        }

        return options.IsRelative == false ? $"{request.Scheme}://{request.Host}{relative}" : relative;
    }
}
