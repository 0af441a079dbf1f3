namespace Berth.Access;

/// <summary>Who may do what with which repositories: whatever one of its rules allows, and nothing else.</summary>
public sealed class AccessPolicy
{
    private readonly bool _isOpen;
    private readonly IReadOnlyList<AccessRule> _rules;
    private readonly ILookup<string, string> _groupsByUser;

    /// <param name="groups">The users of each group.</param>
    public AccessPolicy(IReadOnlyList<AccessRule> rules, IReadOnlyDictionary<string, IReadOnlyList<string>> groups)
    {
        _rules = rules;
        _groupsByUser = groups.SelectMany(group => group.Value.Select(user => (user, group.Key)))
            .ToLookup(pair => pair.user, pair => pair.Key, StringComparer.Ordinal);
    }

    private AccessPolicy()
        : this([], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)) => _isOpen = true;

    /// <summary>Nobody can log in, so everybody may do everything.</summary>
    public static AccessPolicy Open { get; } = new();

    /// <summary>Whoever can log in may do everything; with a token, what it was issued for.</summary>
    public static AccessPolicy Authenticated { get; } = new(
        [
            new AccessRule(
                "the default without rules",
                [RepositoryGlob.Everything],
                new AccessSubjects { IsAuthenticated = true, IsTokenBearer = true },
                RepositoryAction.Admin),
        ],
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));

    /// <summary>Whether any rule is for callers without credentials.</summary>
    public bool AdmitsAnonymous => _isOpen || _rules.Any(rule => rule.Subjects.IsAnonymous);

    /// <summary>All that the rules allow, without regard to the scope of a token.</summary>
    public RepositoryAction ActionsOn(Principal principal, RepositoryName repository)
    {
        if (_isOpen)
        {
            return RepositoryAction.Admin;
        }

        var actions = RepositoryAction.None;
        foreach (var rule in RulesFor(principal))
        {
            if ((rule.Actions & ~actions) != RepositoryAction.None && rule.Concerns(repository))
            {
                actions |= rule.Actions;
            }
        }

        return actions;
    }

    /// <summary>Whether somebody may do something, and what decided it.</summary>
    public AccessDecision Decide(Principal principal, RepositoryName repository, RepositoryAction action)
    {
        var rule = RulesFor(principal).FirstOrDefault(candidate => candidate.Actions.HasFlag(action) && candidate.Concerns(repository));
        AccessObstacle? obstacle = principal.Scope?.ActionsOn(repository).HasFlag(action) == false ? AccessObstacle.TokenScope
            : rule is null && !_isOpen ? AccessObstacle.Policy
            : null;
        return new AccessDecision(principal, repository, action, rule, obstacle);
    }

    /// <summary>What the names of all repositories that somebody may pull begin with, in byte order; none begins with another one.</summary>
    public IReadOnlyList<string> ListPullPrefixes(Principal principal)
    {
        if (_isOpen)
        {
            return [""];
        }

        var prefixes = new List<string>();
        var all = RulesFor(principal).Where(rule => rule.Actions.HasFlag(RepositoryAction.Pull)).SelectMany(rule => rule.Repositories);
        foreach (var prefix in all.Select(glob => glob.Prefix).Order(StringComparer.Ordinal))
        {
            if (prefixes.Count == 0 || !prefix.StartsWith(prefixes[^1], StringComparison.Ordinal))
            {
                prefixes.Add(prefix);
            }
        }

        return prefixes;
    }

    /// <summary>Whether somebody may pull from every repository, be it one that does not exist yet.</summary>
    public bool AllowsPullEverywhere(Principal principal) =>
        _isOpen || RulesFor(principal).Any(rule => rule.Actions.HasFlag(RepositoryAction.Pull) && rule.Repositories.Any(glob => glob.IsEverything));

    private IEnumerable<AccessRule> RulesFor(Principal principal)
    {
        var groups = principal.Name is { } name ? principal.Groups.Concat(_groupsByUser[name]) : [];
        return _rules.Where(rule => rule.Subjects.Contain(principal, groups));
    }
}
