namespace Berth.Access;

/// <summary>Whom a rule is for: everybody of whom one of these is true.</summary>
public sealed record AccessSubjects
{
    public IReadOnlySet<string> Users { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public IReadOnlySet<string> Groups { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whoever has a name. Default: false.</summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>Whoever has none, and also whoever has one: what everybody may do, nobody loses by logging in. Default: false.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whoever brings a token, be it one without a name: its scope says what it is for. Default: false.</summary>
    public bool IsTokenBearer { get; init; }

    /// <param name="groups">All groups of the principal.</param>
    public bool Contain(Principal principal, IEnumerable<string> groups) =>
        IsAnonymous
        || (IsTokenBearer && principal.Scope is not null)
        || (principal.Name is { } name && (IsAuthenticated || Users.Contains(name) || Groups.Overlaps(groups)));
}
