namespace Berth.Uploads;

/// <summary>When uploads that nobody continues are ended and their bytes freed.</summary>
public sealed record UploadPurging
{
    /// <summary>Default: true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Time without a request after which an upload counts as abandoned. Default: 7 days, as distribution has it.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Time between two runs. Default: 24 hours, as distribution has it.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Only logs what a run would end. Default: false.</summary>
    public bool IsDryRun { get; init; }
}
