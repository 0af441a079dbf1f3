using Berth.Storage.Middleware;
using Berth.Storage.S3.CloudFront;

namespace Berth.Server.Configuration;

/// <summary>The list <c>middleware.storage</c>: <c>redirect</c>, <c>rewrite</c>, <c>cloudfront</c>.</summary>
internal static class StorageMiddlewareSection
{
    private const string Section = "middleware.storage";

    public static IReadOnlyList<IBlobStoreMiddleware> Read(SettingReader settings)
    {
        var middleware = new List<IBlobStoreMiddleware>();
        foreach (var (path, item) in settings.Items(Section))
        {
            if (settings.Flag($"{path}.disabled") is true)
            {
                continue;
            }

            var options = $"{path}.options";
            var read = settings.Text($"{path}.name") switch
            {
                "redirect" => ReadRedirect(settings, options),
                "rewrite" => ReadRewrite(settings, options),
                "cloudfront" => ReadCloudFront(settings, options),
                _ => RefuseName(settings, path, item),
            };
            if (read is not null)
            {
                middleware.Add(read);
            }
        }

        return middleware;
    }

    private static RedirectMiddleware? ReadRedirect(SettingReader settings, string options)
    {
        Demand(settings, options, "redirect", "baseurl");
        return ReadAddress(settings, $"{options}.baseurl", assumed: "") is { } url ? new(url) : null;
    }

    private static RewriteMiddleware ReadRewrite(SettingReader settings, string options)
    {
        Demand(settings, options, "rewrite", "scheme", "host", "trimpathprefix");
        var scheme = settings.Text($"{options}.scheme");
        if (scheme is not (null or "http" or "https"))
        {
            settings.Error($"{options}.scheme", "must be http or https");
        }

        var host = settings.Text($"{options}.host");
        if (host is not null && !(Uri.TryCreate($"http://{host}", UriKind.Absolute, out var url) && url is { PathAndQuery: "/", UserInfo: "", Fragment: "" } && !host.EndsWith('/')))
        {
            settings.Error($"{options}.host", "must be a host, perhaps with a port, such as cdn.example:8443");
        }

        return new(scheme, host, settings.Text($"{options}.trimpathprefix"));
    }

    private static CloudFrontMiddleware? ReadCloudFront(SettingReader settings, string options)
    {
        Demand(
            settings, options, "cloudfront", "baseurl", "privatekey", "keypairid", "duration", "ipfilteredby", "awsregion", "updatefrequency", "updatefrenquency", "iprangesurl");
        if (!settings.IsNamed("storage.s3") && !settings.IsNamed("storage.s3aws"))
        {
            settings.Error(options, "cloudfront stands in front of a bucket: it needs storage.s3");
        }

        var (baseUrl, key, keyPair) = (
            ReadAddress(settings, $"{options}.baseurl", assumed: "https://"), Needed(settings, $"{options}.privatekey"), Needed(settings, $"{options}.keypairid"));
        if (baseUrl is null || key is null || keyPair is null)
        {
            return null;
        }

        var cloudFront = new CloudFrontMiddleware { BaseUrl = baseUrl, PrivateKeyPath = key, KeyPairId = keyPair };
        var misspelt = $"{options}.updatefrenquency"; // distribution knows this spelling, too
        var updates = settings.IsNamed(misspelt) ? misspelt : $"{options}.updatefrequency";
        return cloudFront with
        {
            Duration = settings.Duration($"{options}.duration", cloudFront.Duration, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
            DirectClients = ReadDirectClients(settings, options),
            NetworksUrl = settings.IsNamed($"{options}.iprangesurl")
                ? ReadAddress(settings, $"{options}.iprangesurl", assumed: "") ?? cloudFront.NetworksUrl
                : cloudFront.NetworksUrl,
            NetworksAge = settings.Duration(updates, cloudFront.NetworksAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
        };
    }

    private static AwsClients ReadDirectClients(SettingReader settings, string options)
    {
        var filter = settings.Parsed<string>($"{options}.ipfilteredby", "none", TryParseFilter, "none, aws or awsregion");
        if (filter != "awsregion")
        {
            return filter == "aws" ? AwsClients.All : AwsClients.None;
        }

        var regions = (settings.Text($"{options}.awsregion") ?? "").ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (regions.Length == 0)
        {
            settings.Error($"{options}.awsregion", "must name the regions, such as eu-central-1, us-east-1");
        }

        return new(regions);
    }

    private static bool TryParseFilter(string text, out string filter) => (filter = text) is "none" or "aws" or "awsregion";

    /// <param name="assumed">The scheme of an address that has none.</param>
    private static Uri? ReadAddress(SettingReader settings, string key, string assumed)
    {
        var text = settings.Text(key);
        if (text is not null && !text.Contains("://", StringComparison.Ordinal))
        {
            text = assumed + text;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            && url is { Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" })
        {
            return url;
        }

        settings.Error(key, "must be an address such as https://cdn.example/blobs, without user, query and fragment");
        return null;
    }

    private static string? Needed(SettingReader settings, string key)
    {
        if (settings.Text(key) is { Length: > 0 } text)
        {
            return text;
        }

        settings.Error(key, "is missing");
        return null;
    }

    /// <summary>An option of another middleware has no effect, and somebody thinks it has.</summary>
    private static void Demand(SettingReader settings, string options, string name, params string[] known)
    {
        foreach (var (key, _) in settings.Find(options)?.Map ?? new Dictionary<string, YamlValue>(StringComparer.Ordinal))
        {
            if (!known.Contains(key, StringComparer.Ordinal))
            {
                settings.Error($"{options}.{key}", $"is no option of {name}; it has {string.Join(", ", known)}");
            }
        }
    }

    private static IBlobStoreMiddleware? RefuseName(SettingReader settings, string path, YamlValue item)
    {
        settings.Refuse(path, item, "a middleware that Berth has: name: redirect, rewrite or cloudfront");
        return null;
    }
}
