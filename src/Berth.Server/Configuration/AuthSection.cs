using Berth.Server.Authentication;

namespace Berth.Server.Configuration;

/// <summary>The section <c>auth</c>: how clients log in.</summary>
internal static class AuthSection
{
    private const string Section = "auth";
    private const string Silly = $"{Section}.silly";
    private const string Htpasswd = $"{Section}.htpasswd";
    private const string Token = $"{Section}.token";

    public static AuthenticationOptions Read(SettingReader settings)
    {
        foreach (var lonely in new[] { $"{Section}.none", Silly })
        {
            if (settings.IsNamed(lonely) && settings.Find(Section)?.Map?.Count > 1)
            {
                settings.Error(lonely, "must be the only kind of authentication");
            }
        }

        if (settings.IsNamed(Silly))
        {
            settings.Warn(Silly, "lets everybody in who shows anything: it is for the development of clients");
        }

        return new()
        {
            Silly = settings.IsNamed(Silly) ? new(Needed(settings, $"{Silly}.realm"), Needed(settings, $"{Silly}.service")) : null,
            Htpasswd = settings.IsNamed(Htpasswd) ? new(Needed(settings, $"{Htpasswd}.realm"), Needed(settings, $"{Htpasswd}.path")) : null,
            Token = settings.IsNamed(Token) ? ReadToken(settings) : null,
        };
    }

    private static TokenOptions ReadToken(SettingReader settings)
    {
        var defaults = new TokenOptions();
        var options = new TokenOptions
        {
            IsAutoRedirect = settings.Flag($"{Token}.autoredirect") ?? defaults.IsAutoRedirect,
            Realm = Needed(settings, $"{Token}.realm"),
            Service = Needed(settings, $"{Token}.service"),
            Issuer = Needed(settings, $"{Token}.issuer"),
            RootCertBundle = settings.Text($"{Token}.rootcertbundle"),
            Jwks = settings.Text($"{Token}.jwks"),
            SigningAlgorithms = ReadAlgorithms(settings) ?? defaults.SigningAlgorithms,
            AutoRedirectPath = settings.Parsed<string>($"{Token}.autoredirectpath", defaults.AutoRedirectPath, TryParsePath, "a path such as /auth/token"),
        };
        TokenKeys.Load(options, (setting, text) => settings.Error(setting.Length == 0 ? Token : $"{Token}.{setting}", text));
        return options;
    }

    private static List<string>? ReadAlgorithms(SettingReader settings)
    {
        const string key = $"{Token}.signingalgorithms";
        if (settings.Find(key) is null)
        {
            return null;
        }

        string[] known = [.. TokenOptions.Asymmetric, .. TokenOptions.Symmetric];
        var algorithms = new List<string>();
        foreach (var (path, item) in settings.Items(key))
        {
            if (known.Contains(item.Text, StringComparer.Ordinal))
            {
                algorithms.Add(item.Text!);
            }
            else
            {
                settings.Refuse(path, item, $"one of {string.Join(", ", known)}");
            }
        }

        if (algorithms.Count == 0)
        {
            settings.Error(key, "must name at least one algorithm");
        }

        return algorithms;
    }

    private static string Needed(SettingReader settings, string key)
    {
        if (settings.Text(key) is { Length: > 0 } text && !text.Any(char.IsControl))
        {
            return text;
        }

        settings.Error(key, "must be set, to text of one line");
        return "";
    }

    private static bool TryParsePath(string text, out string path)
    {
        path = text;
        return text.StartsWith('/') && Uri.IsWellFormedUriString(text, UriKind.Relative);
    }
}
