namespace Berth.Server.Authentication;

/// <summary>What counts of a token's claims beyond what the library checks.</summary>
/// <param name="Sub">The user; empty or null: nobody in particular.</param>
/// <param name="Access">What the token is good for.</param>
internal sealed record TokenClaims(string? Sub, IReadOnlyList<AccessClaim>? Access);
