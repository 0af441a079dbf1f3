using Berth.Testing;

namespace Berth.Interop.Tests;

public sealed class SkopeoLoginTests(SkopeoFixture fixture) : ClientTests<SkopeoFixture>(fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_logged_in_does_what_the_rules_allow_and_nobody_else_does(bool byTokens)
    {
        Require.Tool("htpasswd");
        await using var locked = await LockedRegistry.StartAsync(Workspace, byTokens, Cancellation);
        var (team, open) = ($"docker://{locked.Address}/team/app:1", $"docker://{locked.Address}/public/app:1");

        Assert.Contains("invalid username/password", (await LoginAsync(locked, "alice", "wrong")).Failed(), StringComparison.Ordinal);
        Assert.Contains("invalid username/password", (await LoginAsync(locked, "mallory", LockedRegistry.AlicesPassword)).Failed(), StringComparison.Ordinal);
        (await PushAsync(team)).Failed();

        (await LoginAsync(locked, "alice", LockedRegistry.AlicesPassword)).Succeeded();
        (await PushAsync(team)).Succeeded();
        (await PushAsync(open)).Succeeded();
        (await PullAsync(team)).Succeeded();
        (await PushAsync($"docker://{locked.Address}/other/app:1")).Failed();
        (await Fixture.Skopeo.TryAsync(["logout", locked.Address], Cancellation)).Succeeded();

        (await PullAsync(open)).Succeeded();
        (await PullAsync(team)).Failed();
        (await PushAsync(open)).Failed();

        (await LoginAsync(locked, "bob", LockedRegistry.BobsPassword)).Succeeded();
        (await PullAsync(team)).Succeeded();
        Assert.Contains("denied", (await PushAsync(team)).Failed(), StringComparison.Ordinal);
        (await Fixture.Skopeo.TryAsync(["logout", locked.Address], Cancellation)).Succeeded();
    }

    private Task<ToolResult> LoginAsync(LockedRegistry registry, string user, string password) =>
        Fixture.Skopeo.TryAsync(["login", "--tls-verify=false", $"--username={user}", $"--password={password}", registry.Address], Cancellation);

    private Task<ToolResult> PushAsync(string image) =>
        Fixture.Skopeo.TryAsync(["copy", "--dest-tls-verify=false", $"oci:{Fixture.Layout}:one", image], Cancellation);

    private Task<ToolResult> PullAsync(string image) =>
        Fixture.Skopeo.TryAsync(["copy", "--src-tls-verify=false", image, $"dir:{Workspace.Folder("pulled")}"], Cancellation);
}
