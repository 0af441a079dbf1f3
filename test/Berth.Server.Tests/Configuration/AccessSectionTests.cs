using Berth.Access;

namespace Berth.Server.Tests.Configuration;

public sealed class AccessSectionTests : IDisposable
{
    private const string Auth = "auth: {htpasswd: {realm: r, path: p}}\n";

    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Rules_say_who_may_do_what_and_a_decision_names_the_rule_by_its_place()
    {
        var loaded = _fixture.LoadFile(
            Auth
            + """
              access:
                groups:
                  team-a: [alice, bob]
                rules:
                  - repositories: ["team-a/**"]
                    groups: [team-a]
                    actions: [pull, push, overwrite, delete]
                  - repositories: ["**"]
                    authenticated: true
                    actions: [pull]
                  - repositories: [public/*, other]
                    anonymous: true
                    actions: [pull]
                  - repositories: ["**"]
                    users: [root]
                    actions: [admin]
              """);

        Assert.Empty(loaded.Warnings);
        Assert.Equal("access.rules[0]", Rule(loaded.Configuration.Access, "alice", "team-a/app", RepositoryAction.Delete));
        Assert.Equal("access.rules[1]", Rule(loaded.Configuration.Access, "carol", "team-a/app", RepositoryAction.Pull));
        Assert.Equal("access.rules[2]", Rule(loaded.Configuration.Access, null, "public/app", RepositoryAction.Pull));
        Assert.Equal("access.rules[3]", Rule(loaded.Configuration.Access, "root", "team-a/app", RepositoryAction.Overwrite));
        Assert.Null(Rule(loaded.Configuration.Access, "carol", "team-a/app", RepositoryAction.Push));
        Assert.Null(Rule(loaded.Configuration.Access, null, "team-a/app", RepositoryAction.Pull));
    }

    [Fact]
    public void Without_authentication_everybody_may_do_everything() =>
        Assert.Same(AccessPolicy.Open, _fixture.LoadFile("auth: none").Configuration.Access);

    [Fact]
    public void Without_rules_whoever_can_log_in_may_do_everything()
    {
        var access = _fixture.LoadFile(Auth).Configuration.Access;

        Assert.NotNull(Rule(access, "alice", "app", RepositoryAction.Admin));
        Assert.Null(Rule(access, null, "app", RepositoryAction.Pull));
    }

    [Fact]
    public void An_empty_list_of_rules_allows_nothing() =>
        Assert.Null(Rule(_fixture.LoadFile(Auth + "access: {rules: []}").Configuration.Access, "alice", "app", RepositoryAction.Pull));

    [Fact]
    public void Variables_set_rules_too()
    {
        var access = ConfigurationFixture.LoadVariables(
            ("REGISTRY_AUTH_HTPASSWD", "{realm: r, path: p}"),
            ("REGISTRY_ACCESS_RULES", "[{repositories: [app], users: [alice], actions: [pull]}]"),
            ("REGISTRY_ACCESS_RULES_0_ACTIONS_0", "push")).Configuration.Access;

        Assert.NotNull(Rule(access, "alice", "app", RepositoryAction.Push));
        Assert.Null(Rule(access, "alice", "app", RepositoryAction.Pull));
    }

    [Theory]
    [InlineData("{groups: {a: [alice]}}", "access.rules")]
    [InlineData("{rules: [{}]}", "access.rules[0]|access.rules[0].actions|access.rules[0].repositories")]
    [InlineData("{rules: [{repositories: [a], actions: [pull]}]}", "access.rules[0]")]
    [InlineData("{rules: [{repositories: [a], users: [], actions: [pull]}]}", "access.rules[0]")]
    [InlineData("{rules: [{repositories: [A], users: [u], actions: [pull]}]}", "access.rules[0].repositories[0]")]
    [InlineData("{rules: [{repositories: ['***'], users: [u], actions: [pull]}]}", "access.rules[0].repositories[0]")]
    [InlineData("{rules: [{repositories: [a], users: [u], actions: [read]}]}", "access.rules[0].actions[0]")]
    [InlineData("{rules: [{repositories: [a], users: [u], actions: [Pull]}]}", "access.rules[0].actions[0]")]
    [InlineData("{rules: [{repositories: [a], users: [''], actions: [pull]}]}", "access.rules[0].users[0]")]
    [InlineData("{rules: [{repositories: [a], groups: [g], actions: [pull]}]}", "access.rules[0].groups")]
    [InlineData("{rules: [{repositories: [a], anonymous: true, actions: [pull, push]}]}", "access.rules[0].actions")]
    [InlineData("{rules: [{repositories: [a], authenticated: 'true', actions: [pull]}]}", "access.rules[0].authenticated|access.rules[0]")]
    [InlineData("{rules: [{repositories: a, users: [u], actions: [pull]}]}", "access.rules[0].repositories|access.rules[0].repositories")]
    [InlineData("{rules: [{repository: [a], users: [u], actions: [pull]}]}", "access.rules[0].repository|access.rules[0].repositories")]
    [InlineData("{rules: {repositories: [a]}}", "access.rules")]
    public void Every_mistake_is_named_by_its_key(string access, string keys) =>
        Assert.Equal(keys.Split('|'), _fixture.MistakesIn($"{Auth}access: {access}").Select(mistake => mistake.Key));

    [Fact]
    public void Rules_without_a_way_to_log_in_are_a_mistake() =>
        Assert.Contains(
            "access (config.yml, line 1): has no effect while nobody can log in",
            _fixture.MistakeIn("access: {rules: [{repositories: [a], users: [u], actions: [pull]}]}"),
            StringComparison.Ordinal);

    private static string? Rule(AccessPolicy policy, string? user, string repository, RepositoryAction action) =>
        policy.Decide(user is null ? Principal.Anonymous : new Principal(user, [], "test", Scope: null), RepositoryName.Parse(repository), action).Rule?.Name;
}
