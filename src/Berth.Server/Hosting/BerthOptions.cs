using Berth.Access;
using Berth.Manifests;
using Berth.Manifests.Redis;
using Berth.Metadata.Postgres;
using Berth.Server.Authentication;
using Berth.Server.Configuration;
using Berth.Server.Protocol;
using Berth.Storage.Azure;
using Berth.Storage.Gcs;
using Berth.Storage.Middleware;
using Berth.Storage.S3;

namespace Berth.Server.Hosting;

/// <summary>A registry inside a program: where its data is, and how it behaves.</summary>
public sealed record BerthOptions
{
    /// <summary>The folder that holds everything. It is created if need be, and locked while the registry runs. Default: <c>berth-data</c>.</summary>
    public string DataFolder { get; init; } = "berth-data";

    /// <summary>Accepts a data folder on NFS, SMB or FUSE, where locks and syncs may not hold what they promise. Default: false.</summary>
    public bool AllowRemoteFileSystem { get; init; }

    /// <summary>The bucket that has the blobs; null when the folder has them.</summary>
    public S3Options? S3 { get; init; }

    /// <summary>The container that has the blobs; null when the folder, or a bucket, has them.</summary>
    public AzureOptions? Azure { get; init; }

    /// <summary>The bucket of Google Cloud Storage that has the blobs; null when something else has them.</summary>
    public GcsOptions? Gcs { get; init; }

    /// <summary>What is put around the blob store, the innermost first. Default: nothing.</summary>
    public IReadOnlyList<IBlobStoreMiddleware> StorageMiddleware { get; init; } = [];

    /// <summary>The file of the embedded database; null: <c>meta.db</c> in <see cref="DataFolder"/>.</summary>
    public string? SqlitePath { get; init; }

    /// <summary>The PostgreSQL server that has the database; null when it is embedded.</summary>
    public PostgresOptions? Postgres { get; init; }

    /// <summary>The Redis in which nodes share what they may lose; null when there is none.</summary>
    public RedisOptions? Redis { get; init; }

    /// <summary>Whether anything is kept in <see cref="DataFolder"/>.</summary>
    internal bool NeedsDataFolder => Postgres is null || (S3 is null && Azure is null && Gcs is null);

    public RegistryOptions Registry { get; init; } = new();

    /// <summary>
    /// How clients log in. What they may do then, <see cref="RegistryOptions.Access"/> says; if that is open, whoever can log in may do everything, and
    /// nobody else anything. Default: not at all.
    /// </summary>
    public AuthenticationOptions Authentication { get; init; } = new();

    public LocationOptions Locations { get; init; } = new();

    public ListingOptions Listings { get; init; } = new();

    /// <summary>Signs the locations of uploads (<c>http.secret</c>). Null: they are not signed.</summary>
    public string? Secret { get; init; }

    /// <summary>To ask for authentication and leave the policy open cannot mean that nobody needs it.</summary>
    internal RegistryOptions Engine =>
        Authentication.IsNone || Registry.Access != AccessPolicy.Open ? Registry : Registry with { Access = AccessPolicy.Authenticated };

    /// <summary>What the configuration file means for the registry.</summary>
    internal static BerthOptions From(BerthConfiguration configuration) => new()
    {
        DataFolder = FindDataFolder(configuration),
        S3 = configuration.Storage.S3,
        Azure = configuration.Storage.Azure,
        Gcs = configuration.Storage.Gcs,
        StorageMiddleware = configuration.StorageMiddleware,
        SqlitePath = configuration.Metadata.SqlitePath,
        Postgres = configuration.Metadata.Postgres,
        Redis = configuration.Redis,
        Secret = configuration.Http.Secret?.Reveal(),
        Authentication = configuration.Authentication,
        Registry = new RegistryOptions
        {
            Access = configuration.Access,
            IsReadOnly = configuration.Storage.IsReadOnly,
            IsDeleteEnabled = configuration.Storage.IsDeleteEnabled,
            IsRedirectEnabled = configuration.Storage.IsRedirectEnabled,
            Demands = new ManifestDemands
            {
                IndexPlatforms = configuration.Validation.IndexPlatforms,
                Platforms = configuration.Validation.IndexPlatformList.ToHashSet(),
                IsSparseAllowed = configuration.Validation.IsSparseAllowed,
            },
            UploadPurging = configuration.Storage.UploadPurging,
        },
        Locations = new LocationOptions
        {
            PublicAddress = configuration.Http.Host,
            IsRelative = configuration.Http.RelativeUrls,
            TrustedProxies = configuration.Http.TrustedProxies,
        },
        Listings = new ListingOptions
        {
            MaxCatalogEntries = Math.Min(configuration.CatalogMaxEntries, ListingOptions.Limit),
            MaxTags = Math.Min(configuration.TagsMaxTags, ListingOptions.Limit),
        },
    };

    /// <summary>With the bytes elsewhere, all that is left for a folder is the database: it is the one that the database is in.</summary>
    private static string FindDataFolder(BerthConfiguration configuration) =>
        configuration.Storage.HasBucket
        && configuration.Metadata.SqlitePath is { } database && Path.GetDirectoryName(Path.GetFullPath(database)) is { } folder
            ? folder
            : configuration.Storage.RootDirectory;
}
