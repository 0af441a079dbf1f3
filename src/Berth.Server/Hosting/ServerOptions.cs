using Berth.Manifests;
using Berth.Server.Configuration;
using Berth.Server.Protocol;

namespace Berth.Server.Hosting;

/// <summary>What the configuration means for the registry.</summary>
internal static class ServerOptions
{
    public static BerthOptions Of(BerthConfiguration configuration) => new()
    {
        DataFolder = configuration.Storage.RootDirectory,
        Secret = configuration.Http.Secret?.Reveal(),
        Registry = new RegistryOptions
        {
            IsReadOnly = configuration.Storage.IsReadOnly,
            IsDeleteEnabled = configuration.Storage.IsDeleteEnabled,
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
        Listings = new ListingOptions { MaxCatalogEntries = configuration.CatalogMaxEntries, MaxTags = configuration.TagsMaxTags },
    };
}
