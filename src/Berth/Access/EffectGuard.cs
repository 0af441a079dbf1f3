namespace Berth.Access;

/// <summary>The one place that decides whether something may happen. Every path on which a client reads or changes something passes here.</summary>
/// <remarks>The decision comes from the caller and the repository's name alone: it is the same whether the repository exists or not.</remarks>
public sealed class EffectGuard(RegistryOptions options)
{
    private readonly AccessPolicy _policy = options.Access;

    /// <summary>Whether a caller without credentials may do anything anywhere.</summary>
    public bool AdmitsAnonymous => _policy.AdmitsAnonymous;

    /// <exception cref="AccessDeniedException">The caller may not.</exception>
    /// <exception cref="OciException">UNSUPPORTED: the registry is read-only, or deletion is off.</exception>
    public void Demand(Caller caller, RepositoryName repository, Effect effect)
    {
        DemandAction(caller, repository, ActionFor(effect));
        if (options.IsReadOnly && effect is not (Effect.Pull or Effect.ReadUpload))
        {
            throw new OciException(OciError.ReadOnly());
        }

        if (effect == Effect.Delete && !options.IsDeleteEnabled)
        {
            throw new OciException(OciError.DeleteDisabled());
        }
    }

    /// <summary>Refuses a caller who may do nothing at all with a repository, and so may not learn whether it exists.</summary>
    /// <exception cref="AccessDeniedException">The caller is one.</exception>
    public void DemandVisible(Caller caller, RepositoryName repository)
    {
        if (ActionsOf(caller, repository) == RepositoryAction.None)
        {
            throw Deny(caller, repository, RepositoryAction.Pull);
        }
    }

    /// <exception cref="AccessDeniedException">The caller brings a token that was not issued for it, or nothing, where nobody without credentials may do anything.</exception>
    public void DemandListing(Caller caller)
    {
        AccessObstacle? obstacle = caller.Principal.Scope is { CanList: false } ? AccessObstacle.TokenScope
            : caller.Credential == CredentialKind.None && !AdmitsAnonymous ? AccessObstacle.Policy
            : null;
        if (obstacle is not null)
        {
            throw new AccessDeniedException(
                new AccessDecision(caller.Principal, Repository: null, RepositoryAction.Pull, Rule: null, obstacle), isVisible: false);
        }
    }

    public bool MayPull(Caller caller, RepositoryName repository) => May(caller, repository, RepositoryAction.Pull);

    public bool MayOverwrite(Caller caller, RepositoryName repository) => May(caller, repository, RepositoryAction.Overwrite);

    public bool MayPullEverything(Caller caller) =>
        caller.IsLocal || (caller.Principal.Scope is null && _policy.AllowsPullEverywhere(caller.Principal));

    /// <summary>Whether a repository is shown to a caller who may list. A token's scope has a word of its own for that.</summary>
    public bool IsListed(Caller caller, RepositoryName repository) =>
        caller.IsLocal || _policy.ActionsOn(caller.Principal, repository).HasFlag(RepositoryAction.Pull);

    /// <summary>What all names that are listed begin with, in byte order; none begins with another one.</summary>
    public IReadOnlyList<string> ListedPrefixes(Caller caller) => caller.IsLocal ? [""] : _policy.ListPullPrefixes(caller.Principal);

    private void DemandAction(Caller caller, RepositoryName repository, RepositoryAction action)
    {
        if (!May(caller, repository, action))
        {
            throw Deny(caller, repository, action);
        }
    }

    private bool May(Caller caller, RepositoryName repository, RepositoryAction action) => ActionsOf(caller, repository).HasFlag(action);

    private RepositoryAction ActionsOf(Caller caller, RepositoryName repository) =>
        caller.IsLocal ? RepositoryAction.Admin
        : _policy.ActionsOn(caller.Principal, repository) & (caller.Principal.Scope?.ActionsOn(repository) ?? RepositoryAction.Admin);

    private AccessDeniedException Deny(Caller caller, RepositoryName repository, RepositoryAction action) =>
        new(_policy.Decide(caller.Principal, repository, action), isVisible: ActionsOf(caller, repository) != RepositoryAction.None);

    private static RepositoryAction ActionFor(Effect effect) => effect switch
    {
        Effect.Pull => RepositoryAction.Pull,
        Effect.Delete => RepositoryAction.Delete,
        _ => RepositoryAction.Push,
    };
}
