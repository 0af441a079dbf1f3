using System.Text;
using Berth.Access;

namespace Berth.Server.Authentication;

/// <summary>HTTP Basic over a file of passwords.</summary>
internal sealed class HtpasswdAuthenticator : IAuthenticator, IDisposable
{
    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount);
    private readonly HtpasswdOptions _options;
    private readonly HtpasswdFile _file;
    private readonly Func<string, string, bool> _verify;
    private readonly TimeProvider _time;

    /// <exception cref="HtpasswdException">The file cannot be used.</exception>
    public HtpasswdAuthenticator(HtpasswdOptions options, TimeProvider time, ILogger<HtpasswdAuthenticator> logger)
        : this(options, time, logger, (password, hash) => BCrypt.Net.BCrypt.Verify(password, hash))
    {
    }

    /// <param name="verify">Compares a password with a bcrypt hash.</param>
    internal HtpasswdAuthenticator(
        HtpasswdOptions options, TimeProvider time, ILogger<HtpasswdAuthenticator> logger, Func<string, string, bool> verify)
    {
        (_options, _time, _verify) = (options, time, verify);
        _file = new HtpasswdFile(options.Path, password => BCrypt.Net.BCrypt.HashPassword(password), logger);
    }

    public CredentialKind Credential => CredentialKind.Password;

    public bool Takes(string scheme) => scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    public async ValueTask<Principal?> AuthenticateAsync(string credentials, CancellationToken cancellationToken)
    {
        if (!TryDecode(credentials, out var user, out var password))
        {
            return null;
        }

        var users = _file.Users;
        return users.IsRemembered(user, password, _time.GetUtcNow()) || await CheckAsync(users, user, password, cancellationToken)
            ? new Principal(user, Groups: [], Source: "htpasswd", Scope: null)
            : null;
    }

    public string Challenge(HttpContext context, string scope, string? error) => ChallengeText.Basic(_options.Realm);

    public void Dispose() => _slots.Dispose();

    /// <summary>A hash takes a processor for a good while: strangers who guess get no more of them than there are.</summary>
    private async ValueTask<bool> CheckAsync(HtpasswdUsers users, string user, string password, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return users.Check(user, password, _verify, _time.GetUtcNow());
        }
        finally
        {
            _slots.Release();
        }
    }

    private static bool TryDecode(string credentials, out string user, out string password)
    {
        (user, password) = ("", "");
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var written))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, written);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        (user, password) = (text[..colon], text[(colon + 1)..]);
        return true;
    }
}
