using Berth.Access;

namespace Berth.Tests.Access;

public sealed class EffectGuardTests
{
    private static readonly RepositoryName App = RepositoryName.Parse("team/app");
    private static readonly RepositoryName Other = RepositoryName.Parse("other");

    private static readonly AccessPolicy Policy = Policies.Of(
        Policies.Rule("team/*", Policies.Users("alice"), RepositoryAction.Pull | RepositoryAction.Push),
        Policies.Rule("team/*", Policies.Users("root"), RepositoryAction.Admin));

    private readonly EffectGuard _guard = new(new RegistryOptions { Access = Policy });

    [Fact]
    public void A_refusal_says_whether_the_repository_may_be_known()
    {
        var known = Assert.Throws<AccessDeniedException>(() => _guard.Demand(Policies.User("alice"), App, Effect.Delete));
        var unknown = Assert.Throws<AccessDeniedException>(() => _guard.Demand(Policies.User("alice"), Other, Effect.Delete));

        Assert.True(known.IsVisible);
        Assert.False(unknown.IsVisible);
        Assert.Throws<AccessDeniedException>(() => _guard.DemandVisible(Policies.User("alice"), Other));
        _guard.DemandVisible(Policies.User("alice"), App);
    }

    [Fact]
    public void Who_may_not_is_not_told_that_the_registry_is_read_only()
    {
        var guard = new EffectGuard(new RegistryOptions { Access = Policy, IsReadOnly = true });

        Assert.Throws<AccessDeniedException>(() => guard.Demand(Policies.User("mallory"), App, Effect.Push));
        Assert.Throws<OciException>(() => guard.Demand(Policies.User("alice"), App, Effect.Push));
        guard.Demand(Policies.User("alice"), App, Effect.Pull);
        guard.Demand(Policies.User("alice"), App, Effect.ReadUpload);
    }

    [Fact]
    public void SEC_15_a_token_never_widens_the_policy_and_the_policy_never_widens_the_token()
    {
        var narrow = Policies.Bearer("alice", canList: false, ("team/app", RepositoryAction.Pull));
        var wide = Policies.Bearer("alice", canList: false, ("team/app", RepositoryAction.Admin), ("other", RepositoryAction.Admin));

        _guard.Demand(narrow, App, Effect.Pull);
        Assert.Equal(AccessObstacle.TokenScope, Refusal(narrow, App, Effect.Push));
        _guard.Demand(wide, App, Effect.Push);
        Assert.Equal(AccessObstacle.Policy, Refusal(wide, App, Effect.Delete));
        Assert.Equal(AccessObstacle.Policy, Refusal(wide, Other, Effect.Pull));
    }

    [Theory]
    [InlineData(Effect.Pull)]
    [InlineData(Effect.Push)]
    [InlineData(Effect.Delete)]
    [InlineData(Effect.ReadUpload)]
    [InlineData(Effect.CancelUpload)]
    public void Every_effect_needs_a_right(Effect effect)
    {
        Assert.Throws<AccessDeniedException>(() => _guard.Demand(Policies.Nobody, App, effect));
        Assert.Throws<AccessDeniedException>(() => _guard.Demand(Policies.User("mallory"), App, effect));
        _guard.Demand(Policies.User("root"), App, effect);
        _guard.Demand(Caller.Local, App, effect);
    }

    [Fact]
    public void Every_effect_is_tested_here() => Assert.Equal(5, Enum.GetValues<Effect>().Length);

    [Fact]
    public void Only_admins_and_who_has_the_right_may_overwrite()
    {
        Assert.False(_guard.MayOverwrite(Policies.User("alice"), App));
        Assert.True(_guard.MayOverwrite(Policies.User("root"), App));
        Assert.False(_guard.MayOverwrite(Policies.User("root"), Other));
        Assert.True(_guard.MayOverwrite(Caller.Local, Other));
    }

    private AccessObstacle? Refusal(Caller caller, RepositoryName repository, Effect effect) =>
        Assert.Throws<AccessDeniedException>(() => _guard.Demand(caller, repository, effect)).Decision.Obstacle;
}
