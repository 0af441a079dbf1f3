using System.Security.Cryptography;
using System.Text.Json;

namespace Berth.Storage.Gcs;

/// <summary>Which bucket, and how to reach it. The names are those of the configuration file.</summary>
public sealed record GcsOptions
{
    /// <summary>Chunks are multiples of this (bytes), as the service's own uploads want them.</summary>
    internal const int ChunkUnit = 256 * 1024;

    internal const string ServiceAccount = "service_account";

    private const int MostChunkSize = 1024 * 1024 * 1024;

    /// <summary>It must exist.</summary>
    public string Bucket { get; init; } = "";

    /// <summary>The file with the key of a service account, or with the settings of another identity, as Google's tools write it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// The same as JSON, of a service account. When there is neither, the identity is the one of the process: the file that
    /// GOOGLE_APPLICATION_CREDENTIALS names, workload identity, the service account of the machine.
    /// </summary>
    public string? Credentials { get; init; }

    /// <summary>What the names of all objects begin with.</summary>
    public string RootDirectory { get; init; } = "";

    /// <summary>Bytes that are sent at once, and that an upload holds in memory: a multiple of 256 KiB. Default: 16 MiB.</summary>
    public int ChunkSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many chunks are sent at once, of all uploads. Default: 50.</summary>
    public int MaxConcurrency { get; init; } = 50;

    /// <summary>What the registry calls itself at the service.</summary>
    public string? UserAgent { get; init; }

    /// <summary>
    /// The address of an emulator, as in STORAGE_EMULATOR_HOST; null for the service itself. An emulator gets no credentials.
    /// </summary>
    public string? EmulatorHost { get; init; }

    /// <summary>Another server that wants credentials: for tests.</summary>
    internal Uri? Service { get; init; }

    /// <summary>How often a request that failed in passing is sent again.</summary>
    internal int MaxRetries { get; init; } = 5;

    /// <summary>How long to wait before a request is sent again the first time; twice as long each time after.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a request may bring nothing.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    internal string RootPrefix => RootDirectory.Trim('/') is { Length: > 0 } root ? $"{root}/" : "";

    internal bool IsEmulator => EmulatorHost is { Length: > 0 };

    internal Uri? Address
    {
        get
        {
            if (!IsEmulator)
            {
                return Service ?? new Uri("https://storage.googleapis.com");
            }

            // The variable has a scheme for some of Google's libraries, and none for others.
            var address = EmulatorHost!.Contains("://", StringComparison.Ordinal) ? EmulatorHost : $"http://{EmulatorHost}";
            return Uri.TryCreate(address, UriKind.Absolute, out var uri)
                && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
                && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } ? uri : null;
        }
    }

    /// <summary>What is wrong, each with the key of the configuration that says it.</summary>
    public IEnumerable<(string Key, string Text)> FindMistakes()
    {
        if (Bucket.Length == 0 || Bucket.Any(symbol => !char.IsAsciiLetterLower(symbol) && !char.IsAsciiDigit(symbol) && symbol is not ('-' or '_' or '.')))
        {
            yield return ("bucket", "must name the bucket: small letters, digits, - _ and .");
        }

        if (ChunkSize is < ChunkUnit or > MostChunkSize || ChunkSize % ChunkUnit != 0)
        {
            yield return ("chunksize", $"must be a multiple of {ChunkUnit} of at most {MostChunkSize} bytes");
        }

        if (MaxConcurrency < 1)
        {
            yield return ("maxconcurrency", "must be 1 or more");
        }

        if (UserAgent is { } agent && agent.Any(symbol => symbol is < ' ' or > '~'))
        {
            yield return ("useragent", "must be of printable ASCII");
        }

        if (Address is null)
        {
            yield return ("emulatorhost", "must be an address such as localhost:4443 (STORAGE_EMULATOR_HOST)");
        }

        foreach (var mistake in FindCredentialMistakes())
        {
            yield return mistake;
        }
    }

    /// <summary>Whether both name one bucket and one folder in it.</summary>
    public bool IsSamePlaceAs(GcsOptions other) => Bucket == other.Bucket && RootPrefix == other.RootPrefix;

    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"bucket {Bucket}";

    private IEnumerable<(string Key, string Text)> FindCredentialMistakes()
    {
        if (KeyFile is { Length: 0 })
        {
            yield return ("keyfile", "must be the path of a file");
        }

        if (Credentials is null)
        {
            yield break;
        }

        if (KeyFile is not null)
        {
            yield return ("credentials", "must not stand beside keyfile");
        }

        var fields = ReadFields(Credentials);
        if (fields?.GetValueOrDefault("type") != ServiceAccount)
        {
            yield return ("credentials.type", $"must be {ServiceAccount}; use keyfile for other identities");
        }

        if (string.IsNullOrEmpty(fields?.GetValueOrDefault("client_email")))
        {
            yield return ("credentials.client_email", "must be the address of the service account");
        }

        if (!IsPrivateKey(fields?.GetValueOrDefault("private_key")))
        {
            yield return ("credentials.private_key", "must be the private key of the service account, as in its JSON file");
        }

        if (fields?.GetValueOrDefault("universe_domain") is { } domain && domain != "googleapis.com")
        {
            yield return ("credentials.universe_domain", "must be googleapis.com: other clouds are not reached");
        }

        if (fields?.GetValueOrDefault("token_uri") is { } address && !IsSafe(address))
        {
            yield return ("credentials.token_uri", "must begin with https");
        }
    }

    private static Dictionary<string, string>? ReadFields(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, GcsJson.Default.DictionaryStringString);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsPrivateKey(string? pem)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static bool IsSafe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
