using Berth.Access;
using Berth.Manifests;
using Berth.Uploads;

namespace Berth;

/// <summary>What the engine can be told. The defaults are those of a registry without a configuration file.</summary>
public sealed record RegistryOptions
{
    /// <summary>Who may do what. Default: everybody everything.</summary>
    public AccessPolicy Access { get; init; } = AccessPolicy.Open;

    /// <summary>Refuses every change. Default: false.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether clients may delete tags, manifests and blobs. Default: true.</summary>
    public bool IsDeleteEnabled { get; init; } = true;

    /// <summary>Whether clients are sent to the store for the bytes of a blob, if it can serve them. Default: true.</summary>
    public bool IsRedirectEnabled { get; init; } = true;

    /// <summary>What a manifest's references must be.</summary>
    public ManifestDemands Demands { get; init; } = new();

    /// <summary>When abandoned uploads end.</summary>
    public UploadPurging UploadPurging { get; init; } = new();
}
