using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Berth.Server.Authentication;

/// <summary>Says who a token is for and what it is good for, if it is one to believe.</summary>
/// <remarks>
/// The algorithms are those of the configuration, and the key is one that the configuration names or vouches for: nothing in the token
/// chooses either (<c>jwk</c>, <c>jku</c> and <c>x5u</c> are not looked at). Encrypted tokens are not taken.
/// </remarks>
internal sealed class TokenVerifier(TokenOptions options, TokenKeys keys, TimeProvider time)
{
    /// <summary>Longest token in characters.</summary>
    private const int MaxLength = 8 * 1024;

    /// <summary>How far the clocks of the two servers may be apart.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxLength };

    /// <returns>Null when the token is not to be believed.</returns>
    public async ValueTask<Principal?> VerifyAsync(string token)
    {
        if (token.Length > MaxLength || token.AsSpan().Count('.') != 2 || FindKey(token) is not { } key)
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Service,
            ValidAlgorithms = options.SigningAlgorithms,
            IssuerSigningKeyResolver = (_, _, _, _) => [key],
            LifetimeValidator = IsInTime,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            TryAllIssuerSigningKeys = false,
        });
        return result.IsValid && Read(token.Split('.')[1], TokenJson.Default.TokenClaims) is { } claims
            ? new Principal(string.IsNullOrEmpty(claims.Sub) ? null : claims.Sub, Groups: [], Source: "token", TokenScopes.Of(claims.Access))
            : null;
    }

    private JsonWebKey? FindKey(string token) =>
        Read(token[..token.IndexOf('.', StringComparison.Ordinal)], TokenJson.Default.TokenHeader) is { Alg: { } algorithm, Crit: null } header
        && keys.Find(header.Kid, header.X5c, time.GetUtcNow()) is { } key && Fits(algorithm, key)
            ? key
            : null;

    /// <summary>Whether the key was made for the algorithm: a public key is never the secret of a symmetric signature.</summary>
    private static bool Fits(string algorithm, JsonWebKey key) =>
        (key.Alg is null || key.Alg == algorithm) && algorithm.Length > 2 && algorithm[..2] switch
        {
            "RS" or "PS" => key.Kty == "RSA",
            "ES" => key.Kty == "EC",
            "HS" => key.Kty == "oct",
            _ => false,
        };

    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return now - Leeway < expires && (notBefore is null || notBefore <= now + Leeway);
    }

    private static T? Read<T>(string part, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(part)), type);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return null;
        }
    }
}
