using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Berth.Storage.Gcs;

/// <summary>Sends requests, with a token, and again as the documentation of the service demands: after ever longer pauses, with some chance in them.</summary>
/// <remarks>Only for what may be done twice: all that the store asks for has a condition that a second time does not meet, or changes nothing.</remarks>
internal sealed class GcsHttp : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(32);

    private readonly GcsOptions _options;
    private readonly GcsCredentials _credentials;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public GcsHttp(GcsOptions options, GcsCredentials credentials, TimeProvider time)
    {
        (_options, _credentials, _time) = (options, credentials, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // each try has its own
        if (options.UserAgent is { Length: > 0 } agent)
        {
            _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        }
    }

    public int MaxRetries => _options.MaxRetries;

    /// <param name="purpose">What it is for, to follow "failed to".</param>
    /// <param name="create">Makes the request, anew for each try.</param>
    /// <param name="read">Reads the answer. One that is returned itself stays open.</param>
    /// <param name="isAnswer">Whether a refusal is an answer, and no fault: then the result is the default.</param>
    /// <exception cref="StorageException">It failed for good, or too often.</exception>
    public async Task<T?> SendAsync<T>(
        string purpose,
        Func<HttpRequestMessage> create,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        Func<GcsRefusal, bool> isAnswer,
        CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            var (result, fault) = await TryAsync(purpose, create, read, isAnswer, cancellationToken);
            if (fault is null)
            {
                return result;
            }

            if (!fault.IsTransient || tries >= MaxRetries)
            {
                throw fault;
            }

            await WaitAsync(tries, cancellationToken);
        }
    }

    /// <summary>Waits before another try.</summary>
    /// <param name="tries">How many there were before the one that failed.</param>
    public Task WaitAsync(int tries, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.FromTicks(Math.Min(MostDelay.Ticks, _options.RetryDelay.Ticks << Math.Min(tries, 16)));
        return Task.Delay(delay * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 1000d)), _time, cancellationToken);
    }

    /// <summary>What is called has so long.</summary>
    public async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(_options.Timeout);
        return await call(time.Token);
    }

    public void Dispose() => _client.Dispose();

    private async Task<(T? Result, StorageException? Fault)> TryAsync<T>(
        string purpose,
        Func<HttpRequestMessage> create,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        Func<GcsRefusal, bool> isAnswer,
        CancellationToken cancellationToken)
    {
        HttpResponseMessage? answer = null;
        try
        {
            using var request = create();
            if (await _credentials.FindTokenAsync(cancellationToken) is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            answer = await LimitAsync(limit => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit), cancellationToken);
            var opened = answer;
            if (opened.IsSuccessStatusCode)
            {
                var result = await LimitAsync(limit => read(opened, limit), cancellationToken);
                answer = ReferenceEquals(result, opened) ? null : opened;
                return (result, null);
            }

            var refusal = await LimitAsync(limit => GcsRefusal.ReadAsync(opened, limit), cancellationToken);
            return isAnswer(refusal) ? (default, null) : (default, GcsFault.Translate(purpose, refusal));
        }
        catch (StorageException fault)
        {
            return (default, fault);
        }
        catch (Exception fault) when (GcsFault.IsFault(fault, cancellationToken))
        {
            return (default, GcsFault.Translate(purpose, fault));
        }
        finally
        {
            answer?.Dispose();
        }
    }
}
