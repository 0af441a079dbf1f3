using Berth.Server.Protocol;

namespace Berth.Server.Authentication;

/// <summary>What a request needs, in the words of the token protocol: what a client must have in its token to be let in.</summary>
internal static class RequestedScope
{
    /// <returns>Such as <c>repository:team/app:pull,push</c>; empty when valid credentials are all that is needed.</returns>
    public static string Of(HttpContext context, RegistryRoute route) => route.Kind switch
    {
        RouteKind.Base => "",
        RouteKind.Catalog => "registry:catalog:*",
        RouteKind.UploadStart or RouteKind.Upload => $"repository:{route.Repository}:pull,push{Source(context)}",
        _ => context.Request.Method switch
        {
            "GET" or "HEAD" => $"repository:{route.Repository}:pull",
            "POST" or "PUT" or "PATCH" => $"repository:{route.Repository}:pull,push",
            "DELETE" => $"repository:{route.Repository}:delete",
            _ => "",
        },
    };

    /// <summary>A mount reads from another repository.</summary>
    private static string Source(HttpContext context) =>
        Query.Single(context, "from") is { } from && RepositoryName.TryParse(from, out var source) ? $" repository:{source}:pull" : "";
}
