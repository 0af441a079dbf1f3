namespace Berth.Oci;

/// <summary>The answer of <c>/v2/&lt;name&gt;/referrers/&lt;digest&gt;</c>: an image index.</summary>
public sealed record ReferrerIndex(IReadOnlyList<Descriptor> Manifests)
{
    public int SchemaVersion { get; } = 2;

    public string MediaType { get; } = MediaTypes.OciImageIndex;
}
