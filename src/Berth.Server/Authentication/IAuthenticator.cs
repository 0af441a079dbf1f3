using Berth.Access;

namespace Berth.Server.Authentication;

/// <summary>One way to find out who a client is.</summary>
internal interface IAuthenticator
{
    /// <summary>What clients show to it.</summary>
    CredentialKind Credential { get; }

    /// <summary>Whether credentials of a scheme, such as <c>Basic</c>, are for it.</summary>
    bool Takes(string scheme);

    /// <param name="credentials">What follows the scheme.</param>
    /// <returns>Null when they are wrong.</returns>
    ValueTask<Principal?> AuthenticateAsync(string credentials, CancellationToken cancellationToken);

    /// <summary>What tells a client how to log in.</summary>
    /// <param name="scope">What the request needs, in the words of the token protocol; may be empty.</param>
    /// <param name="error">What was wrong with a token (RFC 6750, 3.1); null when none came.</param>
    /// <returns>The value of <c>WWW-Authenticate</c>.</returns>
    string Challenge(HttpContext context, string scope, string? error);
}
