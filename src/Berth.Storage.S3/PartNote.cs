using System.Text.Json.Serialization;

namespace Berth.Storage.S3;

/// <summary>One part, or the tail: its bytes, and the entity tag by which the store knows them (without quotes).</summary>
internal sealed record PartNote([property: JsonPropertyName("s")] long Size, [property: JsonPropertyName("e")] string ETag);
