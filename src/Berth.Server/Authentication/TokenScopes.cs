using Berth.Access;

namespace Berth.Server.Authentication;

/// <summary>Reads what a token is good for from its claim <c>access</c>. What is unknown in it gives no right.</summary>
internal static class TokenScopes
{
    public static TokenScope Of(IReadOnlyList<AccessClaim>? access)
    {
        var (repositories, canList) = (new Dictionary<RepositoryName, RepositoryAction>(), false);
        foreach (var claim in access ?? [])
        {
            if (claim is { Type: "repository" } && RepositoryName.TryParse(claim.Name, out var repository))
            {
                repositories[repository] = repositories.GetValueOrDefault(repository) | ActionsOf(claim);
            }

            canList |= claim is { Type: "registry", Name: "catalog", Actions: { } actions } && actions.Contains("*", StringComparer.Ordinal);
        }

        return new TokenScope(repositories, canList);
    }

    private static RepositoryAction ActionsOf(AccessClaim claim) =>
        (claim.Actions ?? []).Aggregate(RepositoryAction.None, (actions, action) => actions | action switch
        {
            "pull" => RepositoryAction.Pull,
            "push" => RepositoryAction.Push | RepositoryAction.Overwrite, // the protocol has one word for both; the policy tells them apart
            "delete" => RepositoryAction.Delete,
            "*" => RepositoryAction.Admin,
            _ => RepositoryAction.None,
        });
}
