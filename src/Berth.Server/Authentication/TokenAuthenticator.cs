using Berth.Access;
using Berth.Server.Protocol;

namespace Berth.Server.Authentication;

/// <summary>Bearer tokens of a token server.</summary>
internal sealed class TokenAuthenticator(TokenOptions options, TokenVerifier verifier, LocationOptions locations, TrustedProxies proxies) : IAuthenticator
{
    public CredentialKind Credential => CredentialKind.Token;

    public bool Takes(string scheme) => scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    public ValueTask<Principal?> AuthenticateAsync(string credentials, CancellationToken cancellationToken) => verifier.VerifyAsync(credentials);

    public string Challenge(HttpContext context, string scope, string? error) => ChallengeText.Bearer(Realm(context), options.Service, scope, error);

    /// <summary>With automatic redirects the token server is where the client found the registry, by TLS unless somebody we trust says otherwise.</summary>
    private string Realm(HttpContext context)
    {
        if (!options.IsAutoRedirect)
        {
            return options.Realm;
        }

        var origin = locations.PublicAddress?.GetLeftPart(UriPartial.Authority)
            ?? (proxies.Has(context.Connection.RemoteIpAddress) ? ForwardedOrigin.Of(context.Request) : null)
            ?? $"https://{context.Request.Host}";
        return origin + options.AutoRedirectPath;
    }
}
