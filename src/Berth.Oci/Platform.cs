using System.Text.Json.Serialization;

namespace Berth.Oci;

/// <summary>The platform an index entry is for; only what the registry decides by.</summary>
/// <remarks>Image specification, image-index.md, "Image Index Property Descriptions".</remarks>
public sealed record Platform([property: JsonPropertyOrder(1)] string? Os, string? Architecture);
