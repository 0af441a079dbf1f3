using System.Net;
using System.Text.Json;

namespace Berth.Storage.Gcs;

/// <summary>An answer that is no success.</summary>
/// <param name="Reason">The service's word for it; null when something else answered, such as a proxy.</param>
internal sealed record GcsRefusal(HttpStatusCode Status, string? Reason, string? Message)
{
    /// <summary>More is not the service's.</summary>
    private const int MostBytes = 64 * 1024;

    /// <summary>Whether the documentation says to try again.</summary>
    public bool IsPassing => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)Status >= 500;

    /// <summary>There is no such object. Another 404 does not speak of it: there is no bucket, or a proxy answers.</summary>
    public bool IsAbsent => Status == HttpStatusCode.NotFound && Reason == "notFound" && !IsOfBucket;

    /// <summary>The object that was to be made exists already.</summary>
    public bool IsExisting => Status == HttpStatusCode.PreconditionFailed && Reason == "conditionNotMet";

    public bool IsOfBucket => Status == HttpStatusCode.NotFound && Message?.Contains("bucket does not exist", StringComparison.OrdinalIgnoreCase) == true;

    public static async Task<GcsRefusal> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await answer.Content.LoadIntoBufferAsync(MostBytes, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            var error = JsonSerializer.Deserialize(body, GcsJson.Default.GcsErrorAnswer)?.Error;
            return new GcsRefusal(answer.StatusCode, error?.Errors is [{ } first, ..] ? first.Reason : null, error?.Message);
        }
        catch (JsonException)
        {
            return new GcsRefusal(answer.StatusCode, null, null);
        }
    }
}
