using System.Collections.Concurrent;
using System.Net;

namespace Berth.Testing.Gcs;

/// <summary>
/// A bucket server in this process, written from the documentation of the JSON API of Google Cloud Storage: objects with generations,
/// preconditions and checksums, uploads in one request, compositions, pages, ranges, tokens and signed addresses. Where the documentation is strict, it
/// refuses. It is no proof of how the service behaves.
/// </summary>
public sealed class GcsServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<Task, bool> _requests = new();
    private readonly Task _accepting;

    public GcsServer()
    {
        Address = new Uri($"http://127.0.0.1:{LoopbackPort.FindFree()}");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public GcsObjects Objects { get; } = new();

    /// <summary>Whose tokens and signatures are accepted. Null: requests need none, as with an emulator.</summary>
    public GcsAccount? Account { get; init; }

    /// <summary>How many names a page has at most.</summary>
    public int PageSize { get; init; } = 1000;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_requests.Keys);
        _listener.Close();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _requests[ServeAsync(context)] = true;
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        await Task.Yield();
        try
        {
            var request = await GcsRequest.ReadAsync(context.Request);
            GcsAnswer answer;
            try
            {
                answer = Answer(request);
            }
            catch (GcsRefusedException refusal)
            {
                answer = GcsAnswer.Refusal(refusal);
            }

            await answer.WriteAsync(context.Response, hasBody: request.Method != "HEAD");
        }
        catch (Exception end) when (end is HttpListenerException or IOException or ObjectDisposedException)
        {
            context.Response.Abort(); // the client went away
        }
    }

    private GcsAnswer Answer(GcsRequest request)
    {
        if (request.Path is ["token"])
        {
            return GcsAnswer.Json(Account!.Exchange(request.Form));
        }

        if (request.Path is [var bucket, _, ..] && request.Query.ContainsKey("X-Goog-Signature"))
        {
            Account!.DemandSignature(request);
            return Media(request, Objects.Find(bucket, string.Join('/', request.Path.Skip(1))));
        }

        Account?.DemandToken(request);
        return (request.Method, request.Path) switch
        {
            ("POST", ["upload", "storage", "v1", "b", var name, "o"]) => Upload(request, name),
            ("GET", ["storage", "v1", "b", var name, "o"]) => GcsAnswer.Json(
                Objects.List(name, request.Query.GetValueOrDefault("prefix", ""), request.Query.GetValueOrDefault("pageToken"), PageSize), request.Fields),
            ("GET", ["storage", "v1", "b", var name, "o", var key]) => Get(request, Objects.Find(name, key)),
            ("DELETE", ["storage", "v1", "b", var name, "o", var key]) => Delete(name, key),
            ("POST", ["storage", "v1", "b", var name, "o", var key, "compose"]) => GcsAnswer.Json(
                Objects.Compose(name, key, request.Json, request.IfGenerationMatch).ToJson(), request.Fields),
            _ => throw new GcsRefusedException(404, "notFound", "Not Found"),
        };
    }

    private GcsAnswer Upload(GcsRequest request, string bucket)
    {
        if (request.Query.GetValueOrDefault("uploadType") != "multipart")
        {
            throw new GcsRefusedException(400, "invalidParameter", "this server knows multipart uploads only");
        }

        var (head, content) = request.ReadMultipart();
        return GcsAnswer.Json(Objects.Put(bucket, head, content, request.IfGenerationMatch).ToJson(), request.Fields);
    }

    private static GcsAnswer Get(GcsRequest request, GcsStoredObject found)
    {
        if (request.IfGenerationMatch is { } generation && generation != found.Generation)
        {
            throw new GcsRefusedException(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
        }

        return request.Query.GetValueOrDefault("alt") == "media" ? Media(request, found) : GcsAnswer.Json(found.ToJson(), request.Fields);
    }

    private static GcsAnswer Media(GcsRequest request, GcsStoredObject found)
    {
        if (request.RangeStart is not { } start)
        {
            return new GcsAnswer(200, found.ContentType, found.Content);
        }

        return start < found.Content.Length
            ? new GcsAnswer(206, found.ContentType, found.Content[start..]) { ContentRange = $"bytes {start}-{found.Content.Length - 1}/{found.Content.Length}" }
            : throw new GcsRefusedException(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
    }

    private GcsAnswer Delete(string bucket, string key)
    {
        Objects.Delete(bucket, key);
        return new GcsAnswer(204, null, []);
    }
}
