using Berth.Testing;

namespace Berth.Interop.Tests;

public sealed class PodmanLoginTests(PodmanFixture fixture) : ClientTests<PodmanFixture>(fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_logged_in_does_what_the_rules_allow_and_nobody_else_does(bool byTokens)
    {
        Require.Tool("htpasswd");
        await using var locked = await LockedRegistry.StartAsync(Workspace, byTokens, Cancellation);
        var (team, open) = ($"{locked.Address}/team/app:1", $"{locked.Address}/public/app:1");
        await BuildAsync(team);
        (await RunAsync("tag", team, open)).Succeeded();

        Assert.Contains("invalid username/password", (await LoginAsync(locked, "alice", "wrong")).Failed(), StringComparison.Ordinal);
        (await RunAsync("push", "--tls-verify=false", team)).Failed();

        (await LoginAsync(locked, "alice", LockedRegistry.AlicesPassword)).Succeeded();
        (await RunAsync("push", "--tls-verify=false", team)).Succeeded();
        (await RunAsync("push", "--tls-verify=false", open)).Succeeded();
        (await RunAsync("logout", locked.Address)).Succeeded();

        (await RunAsync("pull", "--tls-verify=false", open)).Succeeded();
        (await RunAsync("pull", "--tls-verify=false", team)).Failed();

        (await LoginAsync(locked, "bob", LockedRegistry.BobsPassword)).Succeeded();
        (await RunAsync("pull", "--tls-verify=false", team)).Succeeded();
        (await RunAsync("push", "--tls-verify=false", team)).Failed();
        (await RunAsync("logout", locked.Address)).Succeeded();
    }

    private async Task BuildAsync(string name)
    {
        var context = Workspace.Folder("login");
        await File.WriteAllTextAsync(Path.Combine(context, "Containerfile"), "FROM scratch\nCOPY Containerfile /\n", Cancellation);
        (await RunAsync("build", "--tag", name, context)).Succeeded();
    }

    private Task<ToolResult> LoginAsync(LockedRegistry registry, string user, string password) =>
        RunAsync("login", "--tls-verify=false", $"--username={user}", $"--password={password}", registry.Address);

    private Task<ToolResult> RunAsync(params string[] arguments) => Fixture.Podman.TryAsync(arguments, Cancellation);
}
