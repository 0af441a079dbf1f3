using System.Net;

namespace Berth.Server.Configuration;

/// <summary>The section <c>http</c>.</summary>
public sealed record HttpOptions
{
    /// <summary>Where to listen (<c>addr</c>). Default: 127.0.0.1:5000, because nobody has to authenticate.</summary>
    public ListenAddress Address { get; init; } = ListenAddress.Loopback(5000);

    /// <summary>Whether nobody chose <see cref="Address"/>.</summary>
    public bool IsAddressDefault { get; init; } = true;

    /// <summary>Signs the locations of uploads (<c>secret</c>). Null: they are not signed.</summary>
    public Secret? Secret { get; init; }

    /// <summary>The http or https URL that clients reach the registry by, perhaps with a path (<c>host</c>). Null: see <c>Locations</c>.</summary>
    public Uri? Host { get; init; }

    /// <summary>Whether <c>Location</c> headers hold a path only (<c>relativeurls</c>). Null: not decided.</summary>
    public bool? RelativeUrls { get; init; }

    /// <summary>The peers whose forwarded headers are believed (<c>trustedproxies</c>, addresses or networks). Default: none.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    internal static HttpOptions Read(SettingReader settings)
    {
        if (settings.Find("http.net") is { } net && net.Text != "tcp")
        {
            settings.Refuse("http.net", net, "tcp: Berth does not listen on unix sockets yet");
        }

        return new()
        {
            Address = settings.Parsed<ListenAddress>(
                "http.addr", new HttpOptions().Address, ListenAddress.TryParse, "host:port, or :5000 for every interface"),
            IsAddressDefault = settings.Find("http.addr") is null,
            Secret = settings.Text("http.secret") is { } secret ? new(secret) : null,
            Host = ReadHost(settings),
            RelativeUrls = settings.Flag("http.relativeurls"),
            TrustedProxies = ReadTrustedProxies(settings),
        };
    }

    private static Uri? ReadHost(SettingReader settings)
    {
        const string key = "http.host";
        if (settings.Text(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var host)
            && host.Scheme is "http" or "https"
            && host is { Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" })
        {
            return host;
        }

        // The value is not shown: it may hold a password.
        settings.Error(key, "must be a URL such as https://registry.example.com, without user, query and fragment");
        return null;
    }

    private static List<IPNetwork> ReadTrustedProxies(SettingReader settings)
    {
        var networks = new List<IPNetwork>();
        foreach (var (path, item) in settings.Items("http.trustedproxies"))
        {
            if (item.Text is { } text && StrictAddress.TryParseNetwork(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                settings.Refuse(path, item, "an address such as 10.0.0.7 or a network such as 10.0.0.0/8");
            }
        }

        return networks;
    }
}
