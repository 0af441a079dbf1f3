using Berth.Manifests;

namespace Berth.Server.Configuration;

/// <summary>The section <c>validation</c>.</summary>
public sealed record ValidationOptions
{
    /// <summary>
    /// Which manifests of an index must be present (<c>manifests.indexes.platforms</c>). Default: all; none when <c>disabled</c> is true.
    /// </summary>
    public IndexPlatforms IndexPlatforms { get; init; } = IndexPlatforms.All;

    /// <summary>The platforms of <see cref="IndexPlatforms.List"/>; both members are set (<c>manifests.indexes.platformlist</c>).</summary>
    public IReadOnlyList<Platform> IndexPlatformList { get; init; } = [];

    /// <summary>Whether a manifest may be pushed while its config or layers are absent (<c>manifests.sparse</c>). Default: false.</summary>
    public bool IsSparseAllowed { get; init; }

    internal static ValidationOptions Read(SettingReader settings)
    {
        var platforms = settings.Parsed<IndexPlatforms>(
            "validation.manifests.indexes.platforms", IndexPlatforms.All, TryParsePlatforms, "all, none or list");
        return new()
        {
            IndexPlatforms = IsDisabled(settings) ? IndexPlatforms.None : platforms,
            IndexPlatformList = ReadPlatformList(settings),
            IsSparseAllowed = settings.Flag("validation.manifests.sparse") ?? false,
        };
    }

    /// <summary>The deprecated <c>enabled</c> counts only when it is true, as in distribution.</summary>
    private static bool IsDisabled(SettingReader settings)
    {
        const string deprecated = "validation.enabled";
        var isEnabled = settings.Flag(deprecated);
        if (isEnabled is not null)
        {
            settings.Warn(deprecated, "is deprecated: write validation.disabled");
        }

        return settings.Flag("validation.disabled") is true && isEnabled is not true;
    }

    private static List<Platform> ReadPlatformList(SettingReader settings)
    {
        var platforms = new List<Platform>();
        foreach (var (path, item) in settings.Items("validation.manifests.indexes.platformlist"))
        {
            var os = item.Map?.GetValueOrDefault("os");
            var architecture = item.Map?.GetValueOrDefault("architecture");
            if (os is { Text.Length: > 0 } && architecture is { Text.Length: > 0 })
            {
                platforms.Add(new(os.Text, architecture.Text));
            }
            else
            {
                settings.Refuse(path, item, "a map with os and architecture");
            }
        }

        return platforms;
    }

    private static bool TryParsePlatforms(string text, out IndexPlatforms platforms)
    {
        platforms = text.ToLowerInvariant() switch
        {
            "none" => IndexPlatforms.None,
            "list" => IndexPlatforms.List,
            _ => IndexPlatforms.All,
        };
        return platforms != IndexPlatforms.All || text.Equals("all", StringComparison.OrdinalIgnoreCase);
    }
}
