namespace Berth.Storage.S3.CloudFront;

/// <summary>Clients inside AWS.</summary>
/// <param name="Regions">In these regions only, in small letters; null: nowhere; empty: everywhere.</param>
public sealed record AwsClients(IReadOnlyList<string>? Regions)
{
    public static AwsClients None { get; } = new((IReadOnlyList<string>?)null);

    public static AwsClients All { get; } = new([]);

    internal bool Has(string region) => Regions is { Count: 0 } || Regions?.Contains(region, StringComparer.OrdinalIgnoreCase) == true;
}
