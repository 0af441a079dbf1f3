using System.Text.Json.Serialization;

namespace Berth.Oci;

/// <summary>The answer of <c>/v2/&lt;name&gt;/referrers/&lt;digest&gt;</c>: an image index.</summary>
/// <remarks>Distribution specification, "Listing Referrers".</remarks>
public sealed record ReferrerIndex([property: JsonPropertyOrder(1)] IReadOnlyList<Descriptor> Manifests)
{
    public int SchemaVersion { get; } = 2;

    public string MediaType { get; } = MediaTypes.OciImageIndex;
}
