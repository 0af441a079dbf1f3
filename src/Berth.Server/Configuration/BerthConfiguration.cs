using Berth.Access;
using Berth.Manifests.Redis;
using Berth.Server.Authentication;
using Berth.Storage.Middleware;

namespace Berth.Server.Configuration;

/// <summary>What the operator decided, checked and typed. A new one holds the defaults: no file is needed.</summary>
public sealed record BerthConfiguration
{
    private const string Version = "0.1";

    public HttpOptions Http { get; init; } = new();

    /// <summary>The least severe messages that are logged (<c>log.level</c>). Default: information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public StorageOptions Storage { get; init; } = new();

    /// <summary>What is put around the blob store, the innermost first (<c>middleware.storage</c>).</summary>
    public IReadOnlyList<IBlobStoreMiddleware> StorageMiddleware { get; init; } = [];

    public MetadataOptions Metadata { get; init; } = new();

    /// <summary>The Redis that nodes share (<c>redis</c>); null when there is none.</summary>
    public RedisOptions? Redis { get; init; }

    /// <summary>How clients log in (<c>auth</c>). Default: not at all.</summary>
    public AuthenticationOptions Authentication { get; init; } = new();

    /// <summary>Who may do what (<c>access</c>). Default: everybody everything.</summary>
    public AccessPolicy Access { get; init; } = AccessPolicy.Open;

    public ValidationOptions Validation { get; init; } = new();

    /// <summary>The most repositories that one page of the catalogue holds (<c>catalog.maxentries</c>). Default: 1000.</summary>
    public int CatalogMaxEntries { get; init; } = 1000;

    /// <summary>The most tags that one page of a tag list holds (<c>tags.maxtags</c>). Default: 1000.</summary>
    public int TagsMaxTags { get; init; } = 1000;

    internal static BerthConfiguration Read(SettingReader settings)
    {
        CheckVersion(settings);
        var defaults = new BerthConfiguration();
        var catalogMaxEntries = settings.Number("catalog.maxentries", defaults.CatalogMaxEntries, min: int.MinValue);
        var tagsMaxTags = settings.Number("tags.maxtags", defaults.TagsMaxTags, min: 0);
        var authentication = AuthSection.Read(settings);
        return new()
        {
            Http = HttpOptions.Read(settings),
            LogLevel = ReadLogLevel(settings, defaults.LogLevel),
            Storage = StorageOptions.Read(settings),
            StorageMiddleware = StorageMiddlewareSection.Read(settings),
            Metadata = MetadataOptions.Read(settings),
            Redis = RedisSection.Read(settings),
            Authentication = authentication,
            Access = AccessSection.Read(settings, authentication),
            Validation = ValidationOptions.Read(settings),

            // What is not positive means the default in distribution.
            CatalogMaxEntries = catalogMaxEntries > 0 ? catalogMaxEntries : defaults.CatalogMaxEntries,
            TagsMaxTags = tagsMaxTags > 0 ? tagsMaxTags : defaults.TagsMaxTags,
        };
    }

    private static void CheckVersion(SettingReader settings)
    {
        if (settings.Find("version") is { } version && version.Text != Version)
        {
            settings.Refuse("version", version, Version);
        }
    }

    private static LogLevel ReadLogLevel(SettingReader settings, LogLevel fallback)
    {
        const string expected = "error, warn, info or debug";
        var deprecated = settings.Parsed<LogLevel>("loglevel", fallback, TryParseLogLevel, expected);
        if (settings.Find("loglevel") is not null)
        {
            settings.Warn("loglevel", "is deprecated: write log.level");
        }

        return settings.Parsed<LogLevel>("log.level", deprecated, TryParseLogLevel, expected);
    }

    private static bool TryParseLogLevel(string text, out LogLevel level)
    {
        level = text.ToLowerInvariant() switch
        {
            "error" => LogLevel.Error,
            "warn" => LogLevel.Warning,
            "info" => LogLevel.Information,
            "debug" => LogLevel.Debug,
            _ => LogLevel.None,
        };
        return level != LogLevel.None;
    }
}
