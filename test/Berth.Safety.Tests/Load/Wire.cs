using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Berth.Safety.Tests.History;

namespace Berth.Safety.Tests.Load;

/// <summary>Sends requests to one server and hears its answers, for as long as it is there.</summary>
public sealed class Wire(string address, CallLog log) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = new Uri($"http://{address}"),
    };

    /// <summary>The answers with which the server admitted a fault of its own.</summary>
    public ConcurrentQueue<Answer> Faults { get; } = new();

    /// <summary>Whether a connection broke: the server is gone, or refuses to talk.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether a broken connection is nothing special: behind the address are several servers.</summary>
    public bool IsTolerant { get; init; }

    /// <param name="path">With the query, from the root.</param>
    public async Task<Exchange> SendAsync(
        HttpMethod method, string path, CancellationToken cancellationToken, ReadOnlyMemory<byte>? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is { } content)
        {
            request.Content = new ReadOnlyMemoryContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var start = log.Tick();
        var answer = await TryReadAsync(request, cancellationToken);
        var exchange = new Exchange(start, log.Tick(), answer);
        if (answer is { IsFault: true })
        {
            Faults.Enqueue(answer);
        }

        if (!exchange.IsUnknown)
        {
            log.CountAnswer();
        }

        return exchange;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer?> TryReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            return new Answer(
                $"{request.Method} {request.RequestUri}",
                (int)answer.StatusCode,
                answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase),
                await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            IsBroken = !IsTolerant;
            return null;
        }
    }
}
