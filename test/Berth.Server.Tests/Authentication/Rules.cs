using Berth.Access;

namespace Berth.Server.Tests.Authentication;

/// <summary>Rules, written short.</summary>
internal static class Rules
{
    public static AccessPolicy Policy(params AccessRule[] rules) => new(rules, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));

    public static AccessRule Of(string repositories, AccessSubjects subjects, RepositoryAction actions) =>
        new($"rule for {repositories}", [.. repositories.Split(' ').Select(Glob)], subjects, actions);

    public static AccessRule Of(string repositories, string users, RepositoryAction actions) =>
        Of(repositories, new AccessSubjects { Users = users.Split(' ').ToHashSet(StringComparer.Ordinal) }, actions);

    public static AccessRule Public(string repositories) => Of(repositories, new AccessSubjects { IsAnonymous = true }, RepositoryAction.Pull);

    private static RepositoryGlob Glob(string text) => RepositoryGlob.TryParse(text, out var glob) ? glob! : throw new ArgumentException(text);
}
