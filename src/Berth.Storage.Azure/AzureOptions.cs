namespace Berth.Storage.Azure;

/// <summary>Which container, and how to reach it. The names are those of the configuration file.</summary>
public sealed record AzureOptions
{
    internal const string SharedKey = "shared_key";
    internal const string ClientSecret = "client_secret";
    internal const string DefaultCredentials = "default_credentials";

    /// <summary>The name of the storage account.</summary>
    public string AccountName { get; init; } = "";

    /// <summary>The account's key in Base64, for <see cref="CredentialsType"/> <c>shared_key</c>.</summary>
    public string? AccountKey { get; init; }

    /// <summary>It must exist.</summary>
    public string Container { get; init; } = "";

    /// <summary>
    /// <c>shared_key</c> takes <see cref="AccountKey"/>; <c>client_secret</c> an application of Microsoft Entra ID with its secret;
    /// <c>default_credentials</c> what the process has: environment, workload identity, managed identity, command line.
    /// </summary>
    public string CredentialsType { get; init; } = "";

    /// <summary>The application, for <c>client_secret</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>The directory of the application, for <c>client_secret</c>.</summary>
    public string? TenantId { get; init; }

    /// <summary>The secret of the application, for <c>client_secret</c>.</summary>
    public string? Secret { get; init; }

    /// <summary>The domain of the cloud. Default: core.windows.net.</summary>
    public string Realm { get; init; } = "core.windows.net";

    /// <summary>The address of the service. Default: https://&lt;accountname&gt;.blob.&lt;realm&gt;.</summary>
    public string? ServiceUrl { get; init; }

    /// <summary>What the names of all objects begin with.</summary>
    public string RootDirectory { get; init; } = "";

    /// <summary>How often a request that failed in passing is sent again. Default: 5.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>How long to wait before a request is sent again the first time; twice as long each time after. Default: 100 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether any TLS certificate is good enough. Default: false.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>How long a request may bring nothing.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    internal string RootPrefix => RootDirectory.Trim('/') is { Length: > 0 } root ? $"{root}/" : "";

    internal Uri? Address
    {
        get
        {
            var address = ServiceUrl is { Length: > 0 } service ? service : $"https://{AccountName}.blob.{Realm}";
            return Uri.TryCreate(address, UriKind.Absolute, out var uri)
                && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
                && uri is { Query: "", Fragment: "", UserInfo: "" } ? uri : null;
        }
    }

    /// <summary>What is wrong, each with the key of the configuration that says it.</summary>
    public IEnumerable<(string Key, string Text)> FindMistakes() => FindPlaceMistakes().Concat(FindCredentialMistakes());

    /// <summary>Whether both name one container and one folder in it.</summary>
    public bool IsSamePlaceAs(AzureOptions other) => Container == other.Container && RootPrefix == other.RootPrefix && Address == other.Address;

    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"container {Container} of {AccountName}";

    private IEnumerable<(string Key, string Text)> FindPlaceMistakes()
    {
        if (AccountName.Length == 0)
        {
            yield return ("accountname", "must name the storage account");
        }

        if (Container.Length == 0)
        {
            yield return ("container", "must name the container");
        }

        if (Address is null && ServiceUrl is { Length: > 0 })
        {
            yield return ("serviceurl", "must be the address of the service, such as https://account.blob.core.windows.net");
        }
        else if (Address is null && AccountName.Length > 0)
        {
            yield return ("realm", "must be a domain, such as core.windows.net");
        }

        if (Address is { } address && address.Scheme != Uri.UriSchemeHttps && CredentialsType is ClientSecret or DefaultCredentials)
        {
            yield return ("serviceurl", $"must begin with https: only {SharedKey} sends no token that others could use");
        }

        if (MaxRetries < 0)
        {
            yield return ("max_retries", "must not be negative");
        }

        if (RetryDelay < TimeSpan.Zero)
        {
            yield return ("retry_delay", "must not be negative");
        }
    }

    private IEnumerable<(string Key, string Text)> FindCredentialMistakes()
    {
        switch (CredentialsType)
        {
            case SharedKey when !IsKey(AccountKey):
                yield return ("accountkey", "must be a key of the storage account, in Base64");
                break;
            case ClientSecret:
                foreach (var (key, value) in new[] { ("clientid", ClientId), ("tenantid", TenantId), ("secret", Secret) })
                {
                    if (string.IsNullOrEmpty(value))
                    {
                        yield return ($"credentials.{key}", $"must be set for {ClientSecret}");
                    }
                }

                break;
            case SharedKey or DefaultCredentials:
                break;
            default:
                yield return ("credentials.type", $"must be one of {SharedKey}, {ClientSecret}, {DefaultCredentials}");
                break;
        }
    }

    private static bool IsKey(string? text) =>
        !string.IsNullOrEmpty(text) && Convert.TryFromBase64String(text, new byte[text.Length], out var length) && length > 0;
}
