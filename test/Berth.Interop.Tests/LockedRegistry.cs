using Berth.Testing;

namespace Berth.Interop.Tests;

/// <summary>A registry in which alice pushes to <c>team/…</c>, bob pulls from it, and everybody pulls from <c>public/…</c>.</summary>
public sealed class LockedRegistry : IAsyncDisposable
{
    public const string AlicesPassword = "correct horse: battery";
    public const string BobsPassword = "staple";

    private const string Rules =
        """
        [{repositories: ["team/**", "public/**"], users: [alice], actions: [pull, push, overwrite, delete]},
         {repositories: ["team/**"], users: [bob], actions: [pull]},
         {repositories: ["public/**"], anonymous: true, actions: [pull]}]
        """;

    private readonly ServerProcess _server;
    private readonly TokenServer? _tokens;

    private LockedRegistry(ServerProcess server, TokenServer? tokens) => (_server, _tokens) = (server, tokens);

    /// <summary>What clients type before the name of a repository.</summary>
    public string Address => _server.Address;

    /// <param name="byTokens">Whether clients show their passwords to a token server; else to the registry.</param>
    public static async Task<LockedRegistry> StartAsync(Workspace workspace, bool byTokens, CancellationToken cancellationToken)
    {
        var tokens = byTokens ? new TokenServer(new Dictionary<string, string>(StringComparer.Ordinal) { ["alice"] = AlicesPassword, ["bob"] = BobsPassword }) : null;
        var settings = tokens is null ? await SettingsAsync(workspace, cancellationToken) : await SettingsAsync(workspace, tokens, cancellationToken);
        var server = ServerProcess.Launch(workspace.Folder(byTokens ? "locked-by-tokens" : "locked"), [], [.. settings, ("REGISTRY_ACCESS_RULES", Rules)]);
        var locked = new LockedRegistry(server, tokens);
        try
        {
            await server.WaitUntilListeningAsync(cancellationToken);
            return locked;
        }
        catch
        {
            await locked.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_tokens is not null)
        {
            await _tokens.DisposeAsync();
        }
    }

    private static async Task<(string, string)[]> SettingsAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var passwords = workspace.Place("htpasswd");
        await WritePasswordAsync("-cbB", passwords, "alice", AlicesPassword, cancellationToken);
        await WritePasswordAsync("-bB", passwords, "bob", BobsPassword, cancellationToken);
        return [("REGISTRY_AUTH_HTPASSWD_REALM", "Berth"), ("REGISTRY_AUTH_HTPASSWD_PATH", passwords)];
    }

    private static async Task<(string, string)[]> SettingsAsync(Workspace workspace, TokenServer tokens, CancellationToken cancellationToken)
    {
        var keys = workspace.Place("jwks.json");
        await File.WriteAllTextAsync(keys, tokens.Keys, cancellationToken);
        return
        [
            ("REGISTRY_AUTH_TOKEN_REALM", tokens.Realm),
            ("REGISTRY_AUTH_TOKEN_SERVICE", TokenServer.Service),
            ("REGISTRY_AUTH_TOKEN_ISSUER", TokenServer.Service),
            ("REGISTRY_AUTH_TOKEN_JWKS", keys),
        ];
    }

    private static async Task WritePasswordAsync(string options, string file, string user, string password, CancellationToken cancellationToken)
    {
        var (code, output) = await Command.RunAsync("htpasswd", [options, file, user, password], cancellationToken);
        Assert.True(code == 0, output);
    }
}
