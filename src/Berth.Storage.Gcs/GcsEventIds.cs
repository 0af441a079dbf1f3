namespace Berth.Storage.Gcs;

/// <summary>Numbers of log events. They are public: never reuse one.</summary>
internal static class GcsEventIds
{
    public const int LeftBehind = 1120;
}
