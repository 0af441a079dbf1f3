using Berth.Access;

namespace Berth.Tests.Access;

public sealed class AccessPolicyTests
{
    private static readonly RepositoryName App = RepositoryName.Parse("team/app");

    [Fact]
    public void Without_a_rule_nothing_is_allowed_and_the_decision_says_what_was_missing()
    {
        var decision = Policies.Of().Decide(Policies.User("alice").Principal, App, RepositoryAction.Push);

        Assert.False(decision.IsAllowed);
        Assert.Equal(AccessObstacle.Policy, decision.Obstacle);
        Assert.Equal("no rule gives alice push on team/app", decision.Explain());
    }

    [Fact]
    public void An_open_policy_allows_everybody_everything()
    {
        Assert.True(AccessPolicy.Open.Decide(Principal.Anonymous, App, RepositoryAction.Admin).IsAllowed);
        Assert.True(AccessPolicy.Open.AllowsPullEverywhere(Principal.Anonymous));
        Assert.True(AccessPolicy.Open.AdmitsAnonymous);
    }

    [Theory]
    [InlineData("alice", RepositoryAction.Push, true)]
    [InlineData("alice", RepositoryAction.Delete, false)]
    [InlineData("carol", RepositoryAction.Push, false)]
    [InlineData("carol", RepositoryAction.Pull, true)]
    [InlineData("dave", RepositoryAction.Delete, true)]
    [InlineData("dave", RepositoryAction.Push, false)]
    [InlineData("root", RepositoryAction.Overwrite, true)]
    [InlineData(null, RepositoryAction.Pull, false)]
    public void Rules_add_up(string? user, RepositoryAction action, bool isAllowed)
    {
        var policy = Policies.Of(
            Policies.Rule("team/**", Policies.Group("team"), RepositoryAction.Push),
            Policies.Rule("**", new AccessSubjects { IsAuthenticated = true }, RepositoryAction.Pull),
            Policies.Rule("team/app other", Policies.Users("dave"), RepositoryAction.Delete),
            Policies.Rule("**", Policies.Users("root"), RepositoryAction.Admin));

        var principal = user is null ? Principal.Anonymous : Policies.User(user).Principal;
        Assert.Equal(isAllowed, policy.Decide(principal, App, action).IsAllowed);
        Assert.Equal(isAllowed, policy.ActionsOn(principal, App).HasFlag(action));
        Assert.False(policy.AdmitsAnonymous);
    }

    [Fact]
    public void The_decision_names_the_rule()
    {
        var policy = Policies.Of(
            Policies.Rule("other/**", Policies.Users("alice"), RepositoryAction.Push), Policies.Rule("team/*", Policies.Users("alice"), RepositoryAction.Push));

        Assert.Equal("push on team/app by rule for team/*", policy.Decide(Policies.User("alice").Principal, App, RepositoryAction.Push).Explain());
    }

    [Fact]
    public void What_everybody_may_do_nobody_loses_by_logging_in()
    {
        var policy = Policies.Of(Policies.Rule("team/*", Policies.Everybody, RepositoryAction.Pull));

        Assert.True(policy.AdmitsAnonymous);
        Assert.True(policy.Decide(Principal.Anonymous, App, RepositoryAction.Pull).IsAllowed);
        Assert.True(policy.Decide(Policies.User("alice").Principal, App, RepositoryAction.Pull).IsAllowed);
    }

    [Fact]
    public void Groups_come_from_the_policy_and_from_whoever_vouches_for_the_name()
    {
        var policy = Policies.Of(Policies.Rule("team/*", Policies.Group("team"), RepositoryAction.Pull));

        Assert.True(policy.Decide(Policies.User("bob").Principal, App, RepositoryAction.Pull).IsAllowed);
        Assert.False(policy.Decide(Policies.User("carol").Principal, App, RepositoryAction.Pull).IsAllowed);
        Assert.True(policy.Decide(Policies.User("carol").Principal with { Groups = ["team"] }, App, RepositoryAction.Pull).IsAllowed);
        Assert.False(policy.Decide(Principal.Anonymous with { Groups = ["team"] }, App, RepositoryAction.Pull).IsAllowed);
    }

    [Fact]
    public void A_token_without_a_name_is_not_authenticated_but_may_be_let_in_as_a_token()
    {
        var bearer = Policies.Bearer(name: null, canList: false, ("team/app", RepositoryAction.Pull)).Principal;

        Assert.False(Policies.Of(Policies.Rule("**", new AccessSubjects { IsAuthenticated = true }, RepositoryAction.Pull))
            .Decide(bearer, App, RepositoryAction.Pull).IsAllowed);
        Assert.True(Policies.Of(Policies.Rule("**", new AccessSubjects { IsTokenBearer = true }, RepositoryAction.Pull))
            .Decide(bearer, App, RepositoryAction.Pull).IsAllowed);
    }

    [Fact]
    public void Prefixes_are_in_byte_order_and_none_contains_another()
    {
        var policy = Policies.Of(
            Policies.Rule("team/b*/x team/** zoo", Policies.Users("alice"), RepositoryAction.Pull),
            Policies.Rule("a/**", Policies.Users("alice"), RepositoryAction.Push),
            Policies.Rule("b/*", Policies.Users("bob"), RepositoryAction.Pull));

        Assert.Equal(["team/", "zoo"], policy.ListPullPrefixes(Policies.User("alice").Principal));
        Assert.False(policy.AllowsPullEverywhere(Policies.User("alice").Principal));
    }
}
