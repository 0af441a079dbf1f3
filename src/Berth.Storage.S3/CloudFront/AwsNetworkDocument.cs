using System.Text.Json.Serialization;

namespace Berth.Storage.S3.CloudFront;

/// <summary>The list of networks that AWS publishes, as far as it is read.</summary>
internal sealed record AwsNetworkDocument(
    [property: JsonPropertyName("prefixes")] IReadOnlyList<AwsNetworkDocument.Prefix>? V4,
    [property: JsonPropertyName("ipv6_prefixes")] IReadOnlyList<AwsNetworkDocument.Prefix>? V6)
{
    internal sealed record Prefix(
        [property: JsonPropertyName("ip_prefix")] string? V4,
        [property: JsonPropertyName("ipv6_prefix")] string? V6,
        [property: JsonPropertyName("region")] string? Region);
}
