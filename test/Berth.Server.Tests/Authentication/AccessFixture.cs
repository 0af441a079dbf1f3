using System.Text;
using Berth.Access;
using Berth.Server.Authentication;
using Berth.Server.Tests.Protocol;
using Berth.Testing;

namespace Berth.Server.Tests.Authentication;

/// <summary>A registry with a file of passwords, with the token server that the test signs for, or with both.</summary>
public sealed class AccessFixture : IAsyncDisposable
{
    public const string Realm = "Berth";

    /// <summary>Everybody's password is their name and this.</summary>
    private const string PasswordEnd = "'s password";

    private readonly TemporaryFolder _folder;

    private AccessFixture(TemporaryFolder folder, RegistryFixture registry) => (_folder, Registry) = (folder, registry);

    public RegistryFixture Registry { get; }

    public HttpClient Client => Registry.Client;

    public TokenServer Tokens { get; private init; } = null!;

    public string HtpasswdPath => _folder["htpasswd"];

    /// <param name="users">Who is in the file; none: there is no file.</param>
    /// <param name="rules">Null: whoever can log in may do everything.</param>
    public static async Task<AccessFixture> StartAsync(string[] users, bool hasTokens, params AccessRule[]? rules)
    {
        var folder = new TemporaryFolder();
        var tokens = new TokenServer(folder);
        await File.WriteAllLinesAsync(folder["htpasswd"], users.Select(Line), TestContext.Current.CancellationToken);
        var registry = await RegistryFixture.StartAsync(options => options with
        {
            Authentication = new AuthenticationOptions
            {
                Htpasswd = users.Length > 0 ? new HtpasswdOptions(Realm, folder["htpasswd"]) : null,
                Token = hasTokens ? tokens.Options : null,
            },
            Registry = rules is null ? options.Registry : options.Registry with { Access = Rules.Policy(rules) },
        });
        return new AccessFixture(folder, registry) { Tokens = tokens };
    }

    /// <summary>A line of the file, at the least cost that there is.</summary>
    public static string Line(string user) => $"{user}:{BCrypt.Net.BCrypt.HashPassword(user + PasswordEnd, workFactor: 4)}";

    public static (string Name, string Value) As(string user) => Basic(user, user + PasswordEnd);

    public static (string Name, string Value) Basic(string user, string password) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}");

    public static (string Name, string Value) Bearer(string token) => ("Authorization", $"Bearer {token}");

    /// <summary>A client that shows the same credentials always.</summary>
    public HttpClient ClientOf(string user) => ClientWith(As(user));

    public HttpClient ClientWith((string Name, string Value) header)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Client.BaseAddress };
        client.DefaultRequestHeaders.TryAddWithoutValidation(header.Name, header.Value);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        Tokens.Dispose();
        _folder.Dispose();
    }
}
