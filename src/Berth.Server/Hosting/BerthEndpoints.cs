using Berth.Server.Protocol;

namespace Berth.Server.Hosting;

/// <summary>Puts the registry's paths into an ASP.NET Core program.</summary>
public static class BerthEndpoints
{
    /// <summary>Maps <c>/v2</c> and everything below it. Errors there are in the specification's format; other paths are the program's.</summary>
    public static IEndpointConventionBuilder MapBerth(this IEndpointRouteBuilder endpoints)
    {
        var registry = endpoints.ServiceProvider.GetRequiredService<RegistryEndpoint>();
        return endpoints.Map("/v2/{**path}", context =>
        {
            // Routing ignores case; the protocol does not.
            var isBelow = context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal, out var below);
            return registry.InvokeAsync(context, isBelow ? below : (PathString?)null); // a bare null would become an empty path
        });
    }
}
