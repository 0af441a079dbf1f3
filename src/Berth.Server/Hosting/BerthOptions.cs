using Berth.Server.Protocol;

namespace Berth.Server.Hosting;

/// <summary>A registry inside a program: where its data is, and how it behaves.</summary>
public sealed record BerthOptions
{
    /// <summary>The folder that holds everything. It is created if need be, and locked while the registry runs. Default: <c>berth-data</c>.</summary>
    public string DataFolder { get; init; } = "berth-data";

    /// <summary>Accepts a data folder on NFS, SMB or FUSE, where locks and syncs may not hold what they promise. Default: false.</summary>
    public bool AllowRemoteFileSystem { get; init; }

    public RegistryOptions Registry { get; init; } = new();

    public LocationOptions Locations { get; init; } = new();

    public ListingOptions Listings { get; init; } = new();

    /// <summary>Signs the locations of uploads (<c>http.secret</c>). Null: they are not signed.</summary>
    public string? Secret { get; init; }
}
