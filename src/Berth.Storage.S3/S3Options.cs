namespace Berth.Storage.S3;

/// <summary>Which bucket, how to reach it, and how objects are kept in it. The names are those of the configuration file.</summary>
public sealed record S3Options
{
    private const long MiB = 1024 * 1024;
    private const long MinChunkSize = 5 * MiB;
    private const long MaxChunkSize = 5 * 1024 * MiB;

    private static readonly string[] StorageClasses =
    [
        "NONE", "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "OUTPOSTS", "GLACIER_IR", "EXPRESS_ONEZONE",
    ];

    private static readonly string[] ObjectAcls =
    [
        "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control",
    ];

    /// <summary>Needs <see cref="SecretKey"/>. Without both, the usual places are asked: environment, profile, web identity, container, instance.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    /// <summary>A region of Amazon, such as <c>eu-central-1</c>. With <see cref="RegionEndpoint"/> any name, and <c>us-east-1</c> without one.</summary>
    public string? Region { get; init; }

    /// <summary>Another server than Amazon's: its address, with or without http:// or https://.</summary>
    public string? RegionEndpoint { get; init; }

    /// <summary>Whether the bucket stands in the path instead of the host name. Most servers other than Amazon's need that.</summary>
    public bool ForcePathStyle { get; init; }

    public string Bucket { get; init; } = "";

    /// <summary>Whether the store is asked to encrypt: with a key of its own, or with <see cref="KeyId"/>.</summary>
    public bool Encrypt { get; init; }

    /// <summary>A key of the key management service.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whether an address without a scheme means https. Default: true.</summary>
    public bool Secure { get; init; } = true;

    /// <summary>Whether any TLS certificate is good enough. Default: false.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>Bytes of a part, 5 MiB to 5 GiB; never more than 64 MiB are used. Default: 10 MiB.</summary>
    /// <remarks>
    /// A part is twice as large after every 1000 parts, up to 64 MiB, and an object has at most 10,000 of them: 505 GiB with the default, 448 to 625 GiB with others.
    /// </remarks>
    public long ChunkSize { get; init; } = 10 * MiB;

    /// <summary>What the names of all objects begin with.</summary>
    public string RootDirectory { get; init; } = "";

    /// <summary>Default: STANDARD.</summary>
    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>Follows the SDK's own words in the header, at most 50 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Default: private, which is not sent, because buckets without access control lists refuse all of them.</summary>
    public string ObjectAcl { get; init; } = "private";

    public bool UseDualstack { get; init; }

    public bool Accelerate { get; init; }

    public bool UseFipsEndpoint { get; init; }

    /// <summary>Scheme and host of the addresses that clients are sent to, when they reach the store by another one.</summary>
    public string? RedirectEndpoint { get; init; }

    /// <summary>
    /// Whether the newer checksums guard what is sent and received, as Amazon supports them, instead of Content-MD5, which every server does. Default: false.
    /// </summary>
    public bool Checksums { get; init; }

    /// <summary>How often a request that failed in passing is sent again.</summary>
    internal int MaxRetries { get; init; } = 3;

    /// <summary>For one try of a request until its answer begins, its body included.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a body that is being read may bring nothing before it is asked for again.</summary>
    internal TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal string RootPrefix => RootDirectory.Trim('/') is { Length: > 0 } root ? $"{root}/" : "";

    internal Uri? Endpoint => RegionEndpoint is { Length: > 0 } endpoint ? ToUri(endpoint) : null;

    internal bool IsEncryptedOnTheWay => Endpoint is { } endpoint ? endpoint.Scheme == Uri.UriSchemeHttps : Secure;

    /// <summary>What is wrong, each with the key of the configuration that says it.</summary>
    public IEnumerable<(string Key, string Text)> FindMistakes()
    {
        if (Bucket.Length == 0)
        {
            yield return ("bucket", "must name the bucket");
        }

        if (RegionEndpoint is { Length: > 0 })
        {
            if (Endpoint is not { AbsolutePath: "/", Query: "" })
            {
                yield return ("regionendpoint", "must be the address of a server, such as https://s3.example.com:9000");
            }
        }
        else if (string.IsNullOrEmpty(Region))
        {
            yield return ("region", "must name a region of Amazon, unless there is a regionendpoint");
        }
        else if (!Amazon.RegionEndpoint.EnumerableAllRegions.Any(known => known.SystemName == Region))
        {
            yield return ("region", "must be a region that Amazon has, such as eu-central-1, unless there is a regionendpoint");
        }

        if (ChunkSize is < MinChunkSize or > MaxChunkSize)
        {
            yield return ("chunksize", $"must be between {MinChunkSize} and {MaxChunkSize} bytes");
        }

        if (!StorageClasses.Contains(StorageClass, StringComparer.OrdinalIgnoreCase))
        {
            yield return ("storageclass", $"must be one of {string.Join(", ", StorageClasses)}");
        }

        if (!ObjectAcls.Contains(ObjectAcl, StringComparer.Ordinal))
        {
            yield return ("objectacl", $"must be one of {string.Join(", ", ObjectAcls)}");
        }

        if (RedirectEndpoint is { Length: > 0 } redirect && !IsOrigin(redirect))
        {
            yield return ("redirectendpoint", "must be a scheme and a host without a path, such as https://cdn.example.com");
        }
    }

    /// <summary>Whether both put objects under the same names into the same bucket.</summary>
    public bool IsSamePlaceAs(S3Options other) =>
        Bucket == other.Bucket
        && RootPrefix == other.RootPrefix
        && (Endpoint is null && other.Endpoint is null ? Region == other.Region : Endpoint == other.Endpoint);

    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"bucket {Bucket} at {RegionEndpoint ?? Region}";

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" };

    private Uri? ToUri(string endpoint)
    {
        var address = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{(Secure ? "https" : "http")}://{endpoint}";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) ? uri : null;
    }
}
