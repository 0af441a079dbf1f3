using System.Buffers.Text;
using System.Text;
using Azure.Core;
using Azure.Identity;

namespace Berth.Storage.Azure.Tests;

/// <summary>Tokens as of Microsoft Entra ID, without its signature, which the emulator does not look at; or none, as with a wrong secret.</summary>
internal sealed class UnsignedTokens(bool hasAny) : TokenCredential
{
    public int Asked { get; private set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Asked++;
        if (!hasAny)
        {
            throw new AuthenticationFailedException("the secret hunter2 is wrong");
        }

        var now = TimeProvider.System.GetUtcNow();
        var (from, until) = (now.AddMinutes(-5), now.AddHours(1));
        var claims = $$"""
            {"aud":"https://storage.azure.com","iss":"https://sts.windows.net/tenant/","oid":"object","tid":"tenant",
            "iat":{{from.ToUnixTimeSeconds()}},"nbf":{{from.ToUnixTimeSeconds()}},"exp":{{until.ToUnixTimeSeconds()}}}
            """;
        return new AccessToken($"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(claims)}.{Encode("signature")}", until);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
