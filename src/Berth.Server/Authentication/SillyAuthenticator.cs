using Berth.Access;

namespace Berth.Server.Authentication;

/// <summary>Takes whatever a client shows, as distribution's <c>silly</c> does: to develop clients, and for nothing else.</summary>
internal sealed class SillyAuthenticator(SillyOptions options) : IAuthenticator
{
    private static readonly Principal Silly = new("silly", Groups: [], Source: "silly", Scope: null);

    public CredentialKind Credential => CredentialKind.Password;

    public bool Takes(string scheme) => true;

    public ValueTask<Principal?> AuthenticateAsync(string credentials, CancellationToken cancellationToken) => new(Silly);

    public string Challenge(HttpContext context, string scope, string? error) =>
        ChallengeText.Bearer(options.Realm, options.Service, scope, error: null);
}
