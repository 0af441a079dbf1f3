using Berth.Access;
using Berth.Server.Protocol;

namespace Berth.Server.Authentication;

/// <summary>The door: finds out who sent a request before any endpoint sees it, and answers those who may not come in.</summary>
internal sealed class Admission(IEnumerable<IAuthenticator> authenticators, Registry registry, TrustedProxies proxies)
{
    /// <summary>An empty name and an empty password: what podman and skopeo show who have none, once the base path has asked.</summary>
    private const string NoCredentials = "Basic Og==";

    private const string InvalidToken = "invalid_token";
    private const string InsufficientScope = "insufficient_scope";

    private readonly IAuthenticator[] _authenticators = [.. authenticators];

    /// <summary>Lets a request in, its caller known, or answers it.</summary>
    /// <returns>Whether it goes on.</returns>
    /// <exception cref="AccessDeniedException">The caller may do nothing with the repository.</exception>
    public async ValueTask<bool> AdmitAsync(HttpContext context, RegistryRoute route)
    {
        context.Caller = new Caller(Principal.Anonymous, proxies.FindClient(context), CredentialKind.None);
        if (_authenticators.Length > 0 && !await AuthenticateAsync(context, route))
        {
            return false;
        }

        if (route.Kind is not (RouteKind.Base or RouteKind.Catalog))
        {
            registry.Guard.DemandVisible(context.Caller, route.Repository);
        }

        return true;
    }

    /// <summary>Answers a caller who may not do what it asked for.</summary>
    /// <remarks>The answer does not depend on whether the repository exists: the decision did not, either.</remarks>
    public Task RefuseAsync(HttpContext context, RegistryRoute route, AccessDeniedException denial) => (context.Caller.Credential, denial) switch
    {
        (CredentialKind.None, _) => ChallengeAsync(context, route, error: null),
        (_, { Decision.Obstacle: AccessObstacle.TokenScope }) => ChallengeAsync(context, route, InsufficientScope),
        (_, { IsVisible: true }) => Answer.ErrorAsync(context, OciError.AccessDenied(denial.Decision.Explain())),
        _ => Answer.ErrorAsync(context, OciError.NameUnknown(route.Repository)),
    };

    /// <summary>Wrong credentials are never taken for none: who meant to log in must learn that it failed.</summary>
    private async ValueTask<bool> AuthenticateAsync(HttpContext context, RegistryRoute route)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 0 || header == NoCredentials)
        {
            // Clients log in at the base path: there they must always be asked.
            if (route.Kind != RouteKind.Base && registry.Guard.AdmitsAnonymous)
            {
                return true;
            }

            await ChallengeAsync(context, route, error: null);
            return false;
        }

        var parts = header is [{ } single] ? single.Split(' ', 2, StringSplitOptions.TrimEntries) : [];
        if (parts is [var scheme, var credentials] && Array.Find(_authenticators, candidate => candidate.Takes(scheme)) is { } authenticator
            && await authenticator.AuthenticateAsync(credentials, context.RequestAborted) is { } principal)
        {
            context.Caller = context.Caller with { Principal = principal, Credential = authenticator.Credential };
            return true;
        }

        await ChallengeAsync(context, route, InvalidToken);
        return false;
    }

    private Task ChallengeAsync(HttpContext context, RegistryRoute route, string? error)
    {
        var scope = RequestedScope.Of(context, route);
        context.Response.Headers.WWWAuthenticate = Array.ConvertAll(_authenticators, authenticator => authenticator.Challenge(context, scope, error));
        return Answer.ErrorAsync(context, OciError.Unauthorized(scope.Length > 0 ? scope : null));
    }
}
