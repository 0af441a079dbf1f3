namespace Berth.Access;

/// <summary>Whether somebody may do something, and why.</summary>
/// <param name="Repository">Null: it is about the list of repositories.</param>
/// <param name="Rule">The rule that allows it; null when none does, or none is needed.</param>
/// <param name="Obstacle">Null when it is allowed.</param>
public sealed record AccessDecision(
    Principal Principal, RepositoryName? Repository, RepositoryAction Action, AccessRule? Rule, AccessObstacle? Obstacle)
{
    public bool IsAllowed => Obstacle is null;

    /// <summary>For the one who asked: what decided it, or what was missing.</summary>
    public string Explain()
    {
        var action = Action.ToString().ToLowerInvariant();
        var place = Repository is { } repository ? $"{action} on {repository}" : "the list of repositories";
        return Obstacle switch
        {
            AccessObstacle.TokenScope => $"the token has no scope for {place}",
            AccessObstacle.Policy => $"no rule gives {Principal.Name ?? "an anonymous caller"} {place}",
            _ => Rule is null ? $"{place} needs no rule" : $"{place} by {Rule.Name}",
        };
    }
}
