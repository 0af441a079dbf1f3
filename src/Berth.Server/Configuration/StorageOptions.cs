using Berth.Storage.Azure;
using Berth.Storage.Gcs;
using Berth.Storage.S3;
using Berth.Uploads;

namespace Berth.Server.Configuration;

/// <summary>The section <c>storage</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>The data folder, absolute or from the working directory (<c>filesystem.rootdirectory</c>). Default: ./berth-data.</summary>
    public string RootDirectory { get; init; } = "./berth-data";

    /// <summary>The bucket that has the blobs (<c>s3</c> or <c>s3aws</c>); null when the folder has them.</summary>
    public S3Options? S3 { get; init; }

    /// <summary>The container that has the blobs (<c>azure</c>); null when the folder, or a bucket, has them.</summary>
    public AzureOptions? Azure { get; init; }

    /// <summary>The bucket of Google Cloud Storage that has the blobs (<c>gcs</c>); null when something else has them.</summary>
    public GcsOptions? Gcs { get; init; }

    /// <summary>Whether the blobs are not in the folder.</summary>
    internal bool HasBucket => S3 is not null || Azure is not null || Gcs is not null;

    /// <summary>Whether clients are sent to a bucket for the bytes of blobs (<c>redirect.disable</c>, reversed). Default: true.</summary>
    public bool IsRedirectEnabled { get; init; } = true;

    /// <summary>Whether manifests, tags and blobs can be deleted (<c>delete.enabled</c>). Default: true.</summary>
    public bool IsDeleteEnabled { get; init; } = true;

    /// <summary>Whether everything that changes something is refused (<c>maintenance.readonly.enabled</c>). Default: false.</summary>
    public bool IsReadOnly { get; init; }

    public UploadPurging UploadPurging { get; init; } = new();

    /// <summary>Each one that is named takes the place of those before it, which is most likely not what was meant.</summary>
    private static readonly string[] Drivers = ["storage.filesystem", "storage.s3aws", "storage.s3", "storage.azure", "storage.gcs"];

    internal static StorageOptions Read(SettingReader settings)
    {
        if (Drivers.Where(settings.IsNamed).ToList() is { Count: > 1 } named)
        {
            settings.Error(named[^1], "must be the only storage driver");
        }

        var defaults = new StorageOptions();
        return new()
        {
            RootDirectory = ReadRootDirectory(settings) ?? defaults.RootDirectory,
            S3 = S3Section.Read(settings),
            Azure = AzureSection.Read(settings),
            Gcs = GcsSection.Read(settings),
            IsRedirectEnabled = !settings.Flag("storage.redirect.disable") ?? defaults.IsRedirectEnabled,
            IsDeleteEnabled = settings.Flag("storage.delete.enabled") ?? defaults.IsDeleteEnabled,
            IsReadOnly = settings.Flag("storage.maintenance.readonly.enabled") ?? defaults.IsReadOnly,
            UploadPurging = UploadPurgingSection.Read(settings),
        };
    }

    private static string? ReadRootDirectory(SettingReader settings)
    {
        const string key = "storage.filesystem.rootdirectory";
        var folder = settings.Text(key);
        if (folder is null || (folder.Length > 0 && !folder.Contains('\0', StringComparison.Ordinal)))
        {
            return folder;
        }

        settings.Error(key, "must be the path of a folder");
        return null;
    }
}
