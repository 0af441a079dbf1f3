using System.Net;
using Berth.Manifests.Redis;

namespace Berth.Server.Configuration;

/// <summary>The section <c>redis</c>: what nodes share and may lose.</summary>
internal static class RedisSection
{
    private const string Section = "redis";
    private const string Addresses = $"{Section}.addrs";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Null without addresses, as in distribution.</summary>
    public static RedisOptions? Read(SettingReader settings)
    {
        var addresses = ReadAddresses(settings);
        if (addresses.Count == 0)
        {
            if (settings.Find(Section) is { HasContent: true })
            {
                settings.Warn(Section, "has no effect without addrs, such as [\"redis:6379\"]");
            }

            return null;
        }

        var defaults = new RedisOptions { Addresses = addresses };
        return defaults with
        {
            MasterName = settings.Text($"{Section}.mastername"),
            ClientName = settings.Text($"{Section}.clientname"),
            Database = settings.Number($"{Section}.db", defaults.Database, min: 0),
            UserName = settings.Text($"{Section}.username"),
            Password = settings.Text($"{Section}.password"),
            DialTimeout = settings.Duration($"{Section}.dialtimeout", defaults.DialTimeout, Shortest, Longest),
            ReadTimeout = settings.Duration($"{Section}.readtimeout", defaults.ReadTimeout, Shortest, Longest),
            ClientCertificate = ReadCertificate(settings),
            RootCertificates = [.. settings.Items($"{Section}.tls.rootcas").Select(item => item.Value.Text ?? "")],
            IsEncrypted = settings.Find($"{Section}.tls") is { HasContent: true } && settings.Flag($"{Section}.tls.enabled") is not false,
        };
    }

    private static List<string> ReadAddresses(SettingReader settings)
    {
        var addresses = new List<string>();
        foreach (var (path, item) in settings.Items(Addresses))
        {
            if (item.Text is { Length: > 0 } text && Uri.TryCreate($"redis://{text}", UriKind.Absolute, out var url)
                && url is { PathAndQuery: "" or "/", UserInfo: "", Fragment: "" } && !text.EndsWith('/') && url.Port is > 0 and <= IPEndPoint.MaxPort)
            {
                addresses.Add(text);
            }
            else
            {
                settings.Error(path, "must be an address such as redis:6379");
            }
        }

        return addresses;
    }

    private static (string Certificate, string Key)? ReadCertificate(SettingReader settings)
    {
        var (certificate, key) = (settings.Text($"{Section}.tls.certificate"), settings.Text($"{Section}.tls.key"));
        if (certificate is not null && key is not null)
        {
            return (certificate, key);
        }

        if (certificate is not null || key is not null)
        {
            settings.Error($"{Section}.tls", "must have certificate and key, or neither");
        }

        return null;
    }
}
