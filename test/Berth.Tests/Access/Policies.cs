using Berth.Access;

namespace Berth.Tests.Access;

/// <summary>Policies and callers, written short.</summary>
internal static class Policies
{
    public static AccessPolicy Of(params AccessRule[] rules) =>
        new(rules, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["team"] = ["alice", "bob"] });

    public static AccessRule Rule(string repositories, AccessSubjects subjects, RepositoryAction actions) =>
        new($"rule for {repositories}", [.. repositories.Split(' ').Select(Glob)], subjects, actions);

    public static AccessSubjects Users(params string[] names) => new() { Users = names.ToHashSet(StringComparer.Ordinal) };

    public static AccessSubjects Group(string name) => new() { Groups = new HashSet<string>(StringComparer.Ordinal) { name } };

    public static AccessSubjects Everybody { get; } = new() { IsAnonymous = true };

    public static Caller User(string name) => new(new Principal(name, [], "test", Scope: null), Address: null, CredentialKind.Password);

    public static Caller Nobody { get; } = new(Principal.Anonymous, Address: null, CredentialKind.None);

    public static Caller Bearer(string? name, bool canList, params (string Repository, RepositoryAction Actions)[] grants) =>
        new(
            new Principal(name, [], "test", new TokenScope(grants.ToDictionary(grant => RepositoryName.Parse(grant.Repository), grant => grant.Actions), canList)),
            Address: null,
            CredentialKind.Token);

    private static RepositoryGlob Glob(string text) => RepositoryGlob.TryParse(text, out var glob) ? glob! : throw new ArgumentException(text);
}
