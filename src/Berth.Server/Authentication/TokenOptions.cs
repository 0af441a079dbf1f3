namespace Berth.Server.Authentication;

/// <summary>Tokens of a token server, as distribution takes them. <see cref="TokenKeys"/> says which ones are believed.</summary>
public sealed record TokenOptions
{
    /// <summary>The URL of the token server, where clients are sent for a token (<c>realm</c>).</summary>
    public string Realm { get; init; } = "";

    /// <summary>What the token server calls this registry; a token's audience (<c>service</c>).</summary>
    public string Service { get; init; } = "";

    /// <summary>What the token server calls itself (<c>issuer</c>).</summary>
    public string Issuer { get; init; } = "";

    /// <summary>A PEM file of certificates whose keys, or those of certificates they vouch for, sign tokens (<c>rootcertbundle</c>); null when there is none.</summary>
    public string? RootCertBundle { get; init; }

    /// <summary>A JSON file of keys that sign tokens, a JWK set (<c>jwks</c>); null when there is none.</summary>
    public string? Jwks { get; init; }

    /// <summary>Which signatures count (<c>signingalgorithms</c>). Default: all that need a private key to make.</summary>
    public IReadOnlyList<string> SigningAlgorithms { get; init; } = Asymmetric;

    /// <summary>Whether the token server is at the address by which the client came (<c>autoredirect</c>). Default: false.</summary>
    public bool IsAutoRedirect { get; init; }

    /// <summary>The path of the token server there (<c>autoredirectpath</c>). Default: /auth/token.</summary>
    public string AutoRedirectPath { get; init; } = "/auth/token";

    /// <summary>Signatures that need a private key to make, and a public one to check.</summary>
    internal static IReadOnlyList<string> Asymmetric { get; } =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Signatures that whoever can check them can make, too: only where somebody asks for them.</summary>
    internal static IReadOnlyList<string> Symmetric { get; } = ["HS256", "HS384", "HS512"];
}
