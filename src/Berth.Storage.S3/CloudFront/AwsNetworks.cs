using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Berth.Storage.S3.CloudFront;

/// <summary>Which addresses are inside AWS, by the list that AWS publishes.</summary>
/// <remarks>
/// The list is fetched at the start, and again by the first question after it became old; nobody waits for it. Without a list nothing is inside.
/// </remarks>
internal sealed partial class AwsNetworks : IDisposable
{
    /// <summary>The real list has about 2 MiB.</summary>
    private const int MaxBytes = 32 << 20;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    private readonly CloudFrontMiddleware _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http = new() { MaxResponseContentBufferSize = MaxBytes };
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _gate = new();
    private AddressRanges _ranges = new([]);
    private DateTimeOffset _next;

    public AwsNetworks(CloudFrontMiddleware options, TimeProvider time, ILogger<AwsNetworks> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        Refreshed = Task.CompletedTask;
        RefreshWhenOld();
    }

    /// <summary>Ends when the latest fetch has ended, well or not.</summary>
    internal Task Refreshed { get; private set; }

    public bool Contains(IPAddress address)
    {
        RefreshWhenOld();
        return Volatile.Read(ref _ranges).Contains(address);
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _http.Dispose();
        _disposed.Dispose();
    }

    private void RefreshWhenOld()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (now >= _next && Refreshed.IsCompleted)
            {
                _next = now + _options.NetworksAge;
                Refreshed = RefreshAsync(_disposed.Token);
            }
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = await _http.GetByteArrayAsync(_options.NetworksUrl, cancellationToken);
            Volatile.Write(ref _ranges, Read(text));
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                Log.NoNetworks(_logger, _options.NetworksUrl, fault);
                lock (_gate)
                {
                    _next = _time.GetUtcNow() + AfterFailure;
                }
            }
        }
    }

    private AddressRanges Read(byte[] text)
    {
        var document = JsonSerializer.Deserialize(text, AwsNetworkJson.Default.AwsNetworkDocument);
        IEnumerable<AwsNetworkDocument.Prefix> prefixes = [.. document?.V4 ?? [], .. document?.V6 ?? []];
        var ranges = new AddressRanges(
            from prefix in prefixes
            where _options.DirectClients.Has(prefix.Region ?? "")
            let network = IPNetwork.TryParse(prefix.V4 ?? prefix.V6, out var parsed) ? parsed : (IPNetwork?)null
            where network is not null
            select network.Value);
        return ranges.Count > 0 ? ranges : throw new JsonException("There is no network in it.");
    }

    private static partial class Log
    {
        [LoggerMessage(
            S3EventIds.NoNetworks, LogLevel.Warning,
            "The networks of AWS could not be read from {Address}: until they are, clients inside AWS are sent to CloudFront as all others, or by the list before")]
        public static partial void NoNetworks(ILogger logger, Uri address, Exception exception);
    }
}
