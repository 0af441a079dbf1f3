using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Berth.Storage.Gcs;

/// <summary>The identity that the options name, found when it is first needed: its tokens, and its key to sign addresses, if it has one.</summary>
/// <remarks>What the library throws is not kept as the cause: its texts may hold what it was given.</remarks>
internal sealed class GcsCredentials(GcsOptions options) : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/devstorage.read_write";
    private const int MostFileBytes = 64 * 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private GoogleCredential? _credential;

    /// <summary>A token for the next request; null when there is an emulator, which wants none.</summary>
    public async Task<string?> FindTokenAsync(CancellationToken cancellationToken)
    {
        if (options.IsEmulator)
        {
            return null;
        }

        try
        {
            ITokenAccess access = await LoadAsync(cancellationToken);
            return await access.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
        }
        catch (Exception fault) when (IsFault(fault, cancellationToken))
        {
            throw Translate(fault);
        }
    }

    /// <summary>The service account whose key is at hand; null when there is none.</summary>
    public async Task<ServiceAccountCredential?> FindSignerAsync(CancellationToken cancellationToken)
    {
        if (options.IsEmulator)
        {
            return null;
        }

        try
        {
            return (await LoadAsync(cancellationToken)).UnderlyingCredential as ServiceAccountCredential;
        }
        catch (Exception fault) when (IsFault(fault, cancellationToken))
        {
            throw Translate(fault);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<GoogleCredential> LoadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _credential ??= (await ReadAsync(cancellationToken)).CreateScoped(Scope);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<GoogleCredential> ReadAsync(CancellationToken cancellationToken)
    {
        if (options.Credentials is { } json)
        {
            return CredentialFactory.FromJson(json, GcsOptions.ServiceAccount);
        }

        if (options.KeyFile is not { } path)
        {
            return await GoogleCredential.GetApplicationDefaultAsync(cancellationToken);
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        var bytes = new byte[Math.Min(file.Length, MostFileBytes)];
        await file.ReadExactlyAsync(bytes, cancellationToken);
        using var document = JsonDocument.Parse(bytes);
        var type = document.RootElement.GetProperty("type").GetString();
        return CredentialFactory.FromJson(document.RootElement.GetRawText(), type);
    }

    /// <summary>The library promises no types for what may be wrong with a file.</summary>
    private static bool IsFault(Exception fault, CancellationToken cancellationToken) =>
        fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested;

    private StorageException Translate(Exception fault) => fault switch
    {
        TokenResponseException answer => new(
            "The object store was not asked: the service for tokens refuses the configured credentials, or the clock of this machine is wrong.",
            (int?)answer.StatusCode is 408 or 429 or >= 500),
        HttpRequestException or OperationCanceledException => new("The object store was not asked: the service for tokens does not answer.", isTransient: true),
        _ when options.Credentials is not null => new("The object store was not asked: the option credentials is not the key of a service account.", false),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException when options.KeyFile is not null => new(
            "The object store was not asked: the file of the option keyfile cannot be read.", false),
        _ when options.KeyFile is not null => new("The object store was not asked: the file of the option keyfile has no credentials.", false),
        _ => new("The object store was not asked: this process has no credentials (application default credentials); set keyfile or credentials.", false),
    };
}
