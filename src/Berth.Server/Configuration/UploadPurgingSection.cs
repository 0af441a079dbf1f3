using Berth.Uploads;

namespace Berth.Server.Configuration;

/// <summary>The section <c>storage.maintenance.uploadpurging</c>: uploads that nobody finished are removed.</summary>
internal static class UploadPurgingSection
{
    /// <summary>A bare number is nanoseconds: <c>age: 168</c> must not remove uploads that are under way.</summary>
    private static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(1);

    /// <summary>Timers cannot wait longer than 49 days.</summary>
    private static readonly TimeSpan MaxInterval = TimeSpan.FromHours(1000);

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1_000_000);

    public static UploadPurging Read(SettingReader settings)
    {
        const string section = "storage.maintenance.uploadpurging";
        var defaults = new UploadPurging();
        return new()
        {
            IsEnabled = settings.Flag($"{section}.enabled") ?? defaults.IsEnabled,
            Age = settings.Duration($"{section}.age", defaults.Age, MinDuration, MaxAge),
            Interval = settings.Duration($"{section}.interval", defaults.Interval, MinDuration, MaxInterval),
            IsDryRun = settings.Flag($"{section}.dryrun") ?? defaults.IsDryRun,
        };
    }
}
