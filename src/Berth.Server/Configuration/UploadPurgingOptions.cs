namespace Berth.Server.Configuration;

/// <summary>The section <c>storage.maintenance.uploadpurging</c>: uploads that nobody finished are removed.</summary>
public sealed record UploadPurgingOptions
{
    /// <summary>A bare number is nanoseconds: <c>age: 168</c> must not remove uploads that are under way.</summary>
    private static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(1);

    /// <summary>Timers cannot wait longer than 49 days.</summary>
    private static readonly TimeSpan MaxInterval = TimeSpan.FromHours(1000);

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1_000_000);

    public bool IsEnabled { get; init; } = true;

    /// <summary>How long ago an upload began that is removed. Default: 168 hours.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromHours(168);

    /// <summary>Time between two runs. Default: 24 hours.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether a run only says what it would remove. Default: false.</summary>
    public bool IsDryRun { get; init; }

    internal static UploadPurgingOptions Read(SettingReader settings)
    {
        const string section = "storage.maintenance.uploadpurging";
        var defaults = new UploadPurgingOptions();
        return new()
        {
            IsEnabled = settings.Flag($"{section}.enabled") ?? defaults.IsEnabled,
            Age = settings.Duration($"{section}.age", defaults.Age, MinDuration, MaxAge),
            Interval = settings.Duration($"{section}.interval", defaults.Interval, MinDuration, MaxInterval),
            IsDryRun = settings.Flag($"{section}.dryrun") ?? defaults.IsDryRun,
        };
    }
}
