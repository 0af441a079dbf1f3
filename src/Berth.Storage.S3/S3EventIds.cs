namespace Berth.Storage.S3;

/// <summary>Numbers of log events. They are public: never reuse one.</summary>
internal static class S3EventIds
{
    public const int AbortFailed = 1100;
    public const int LeftBehind = 1101;
    public const int NoConditions = 1102;
    public const int NoNetworks = 1103;
}
