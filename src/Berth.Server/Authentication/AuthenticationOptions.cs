namespace Berth.Server.Authentication;

/// <summary>How clients log in; several ways may be open at once. Default: none, so that nobody has to.</summary>
public sealed record AuthenticationOptions
{
    /// <summary>Takes any credentials, for development; null when it does not.</summary>
    public SillyOptions? Silly { get; init; }

    /// <summary>Names and passwords in a file; null when there is none.</summary>
    public HtpasswdOptions? Htpasswd { get; init; }

    /// <summary>Tokens of a token server; null when there is none.</summary>
    public TokenOptions? Token { get; init; }

    /// <summary>Whether nobody can log in.</summary>
    public bool IsNone => Silly is null && Htpasswd is null && Token is null;
}
