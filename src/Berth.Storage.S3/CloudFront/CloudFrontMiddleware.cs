using Berth.Storage.Middleware;
using Microsoft.Extensions.Logging;

namespace Berth.Storage.S3.CloudFront;

/// <summary>Sends clients to a CloudFront distribution that stands in front of the bucket (<c>cloudfront</c> in distribution).</summary>
public sealed record CloudFrontMiddleware : IBlobStoreMiddleware
{
    /// <summary>The distribution's address (<c>baseurl</c>).</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>A PEM file with the RSA key that signs (<c>privatekey</c>).</summary>
    public required string PrivateKeyPath { get; init; }

    /// <summary>The name CloudFront has for this key (<c>keypairid</c>).</summary>
    public required string KeyPairId { get; init; }

    /// <summary>For how long an address is good (<c>duration</c>). Default: 20 minutes.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Which clients the bucket serves itself, because that is nearer and costs nothing (<c>ipfilteredby</c>). Default: none.</summary>
    public AwsClients DirectClients { get; init; } = AwsClients.None;

    /// <summary>Where AWS says which networks are its own (<c>iprangesurl</c>).</summary>
    public Uri NetworksUrl { get; init; } = new("https://ip-ranges.amazonaws.com/ip-ranges.json");

    /// <summary>How old that list may become (<c>updatefrequency</c>). Default: 12 hours.</summary>
    public TimeSpan NetworksAge { get; init; } = TimeSpan.FromHours(12);

    public IBlobStore Decorate(IBlobStore inner, TimeProvider time, ILoggerFactory loggers)
    {
        var networks = DirectClients == AwsClients.None
            ? null
            : new AwsNetworks(this, time, loggers.CreateLogger<AwsNetworks>());
        return new CloudFrontBlobStore(inner, new CloudFrontSigner(this, time), networks);
    }
}
