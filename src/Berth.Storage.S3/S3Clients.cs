using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Berth.Storage.S3;

/// <summary>Makes the SDK's client as the options want it.</summary>
internal static class S3Clients
{
    private const string AnyRegion = "us-east-1";

    /// <param name="endpoint">Another address than the options have; null takes theirs.</param>
    public static AmazonS3Client Create(S3Options options, Uri? endpoint = null)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            UseFIPSEndpoint = options.UseFipsEndpoint,
            UseDualstackEndpoint = options.UseDualstack,
            UseAccelerateEndpoint = options.Accelerate,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = options.MaxRetries,
            Timeout = options.Timeout,
            HttpClientFactory = new S3HttpClients(options.SkipVerify),
            RequestChecksumCalculation = options.Checksums ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = options.Checksums ? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED,
            UseHttp = !options.IsEncryptedOnTheWay,
        };
        if (options.UserAgent is { Length: > 0 } agent)
        {
            config.ClientAppId = agent;
        }

        if ((endpoint ?? options.Endpoint) is { } address)
        {
            config.ServiceURL = address.ToString();
            config.AuthenticationRegion = string.IsNullOrEmpty(options.Region) ? AnyRegion : options.Region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options is { AccessKey.Length: > 0, SecretKey.Length: > 0 }
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config)
            : new AmazonS3Client(config);
    }
}
