namespace Berth;

/// <summary>Numbers of log events. They are public: never reuse one.</summary>
internal static class EventIds
{
    public const int BlobDamaged = 1000;
    public const int BlobDeleted = 1001;
    public const int BlobUploaded = 1002;
    public const int UploadsPurged = 1010;
    public const int UploadLost = 1011;
    public const int PurgePostponed = 1012;
    public const int UploadsIdle = 1013;
    public const int ObjectDeleted = 1020;
    public const int ReapPostponed = 1021;
    public const int ManifestPushed = 1030;
    public const int ManifestDeleted = 1031;
    public const int TagMoved = 1040;
    public const int TagDeleted = 1041;
    public const int Recovered = 1050;
    public const int DatabaseMigrated = 1060;
    public const int DatabaseBroken = 1061;
    public const int CheckpointFailed = 1062;
}
