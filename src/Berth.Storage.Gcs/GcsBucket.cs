using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Berth.Storage.Gcs;

/// <summary>The requests of the store, by the names of objects. Absence is a null or a false; faults are translated.</summary>
internal sealed class GcsBucket(GcsHttp http, GcsOptions options)
{
    private const string Fields = "name,size,generation,crc32c,updated,metadata";

    private readonly Uri _address = options.Address!;

    private string Objects => $"{_address}storage/v1/b/{Uri.EscapeDataString(options.Bucket)}/o";

    /// <returns>Null when there is no such object.</returns>
    public Task<GcsObject?> HeadAsync(string name, CancellationToken cancellationToken) => http.SendAsync(
        "look for an object",
        () => new HttpRequestMessage(HttpMethod.Get, $"{Address(name)}?fields={Uri.EscapeDataString(Fields)}"),
        (answer, token) => ReadAsync(answer, GcsJson.Default.GcsObject, token),
        refusal => refusal.IsAbsent,
        cancellationToken);

    /// <summary>Writes a whole object that must not exist yet.</summary>
    /// <returns>Null when one exists, perhaps this one, written by a request whose answer was lost.</returns>
    /// <exception cref="StorageException">Also when the bytes did not arrive as they were sent.</exception>
    public Task<GcsObject?> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var head = new GcsNewObject(name, Crc32C.ToText(Crc32C.Append(0, content.Span)));
        var address = $"{_address}upload/storage/v1/b/{Uri.EscapeDataString(options.Bucket)}/o?uploadType=multipart&ifGenerationMatch=0&fields={Uri.EscapeDataString(Fields)}";
        return http.SendAsync(
            "write an object",
            () => new HttpRequestMessage(HttpMethod.Post, address) { Content = Multipart(head, content) },
            (answer, token) => ReadAsync(answer, GcsJson.Default.GcsObject, token),
            refusal => refusal.IsExisting,
            cancellationToken);
    }

    /// <summary>Makes an object, which must not exist yet, of others.</summary>
    /// <returns>Null when one exists, or not all of the others do.</returns>
    public Task<GcsObject?> ComposeAsync(string name, GcsComposition composition, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(composition, GcsJson.Default.GcsComposition);
        return http.SendAsync(
            "put an object together",
            () => new HttpRequestMessage(HttpMethod.Post, $"{Address(name)}/compose?ifGenerationMatch=0&fields={Uri.EscapeDataString(Fields)}")
            {
                Content = Json(body),
            },
            (answer, token) => ReadAsync(answer, GcsJson.Default.GcsObject, token),
            refusal => refusal.IsExisting || refusal.IsAbsent,
            cancellationToken);
    }

    /// <summary>Starts to read. The caller disposes the answer.</summary>
    /// <returns>Null when this object is not there any more.</returns>
    public Task<HttpResponseMessage?> GetAsync(GcsObject info, long offset, CancellationToken cancellationToken) => http.SendAsync(
        "read an object",
        () => new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{Address(info.Name)}?alt=media&ifGenerationMatch={info.Generation}"))
        {
            Headers = { Range = new RangeHeaderValue(offset, null) },
        },
        (answer, _) => IsRange(answer, info, offset)
            ? Task.FromResult(answer)
            : throw new StorageException("The object store failed to read an object: it sends other bytes than it was asked for.", isTransient: true),
        refusal => refusal.Status is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed,
        cancellationToken);

    /// <returns>False when there was no such object.</returns>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => http.SendAsync(
        "delete an object",
        () => new HttpRequestMessage(HttpMethod.Delete, Address(name)),
        (_, _) => Task.FromResult(true),
        refusal => refusal.IsAbsent,
        cancellationToken);

    /// <summary>All objects whose names begin so: their names, sizes and generations.</summary>
    public async IAsyncEnumerable<GcsObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var address = $"{Objects}?prefix={Uri.EscapeDataString(prefix)}&fields={Uri.EscapeDataString("nextPageToken,items(name,size,generation)")}"
                + (next is null ? "" : $"&pageToken={Uri.EscapeDataString(next)}");
            var page = await http.SendAsync(
                "list objects",
                () => new HttpRequestMessage(HttpMethod.Get, address),
                (answer, token) => ReadAsync(answer, GcsJson.Default.GcsObjectPage, token),
                _ => false,
                cancellationToken);
            foreach (var found in page!.Items ?? [])
            {
                yield return found;
            }

            next = page.NextPageToken;
        }
        while (!string.IsNullOrEmpty(next));
    }

    private string Address(string name) => $"{Objects}/{Uri.EscapeDataString(name)}";

    private static bool IsRange(HttpResponseMessage answer, GcsObject info, long offset) =>
        (answer.Content.Headers.ContentRange is { } range ? range.From == offset && range.Length == info.Size : offset == 0)
        && answer.Content.Headers.ContentLength == info.Size - offset;

    private static MultipartContent Multipart(GcsNewObject head, ReadOnlyMemory<byte> content)
    {
        var bytes = new ReadOnlyMemoryContent(content);
        bytes.Headers.ContentType = new MediaTypeHeaderValue(head.ContentType);
        return new MultipartContent("related", GcsNames.NewNonce())
        {
            Json(JsonSerializer.SerializeToUtf8Bytes(head, GcsJson.Default.GcsNewObject)),
            bytes,
        };
    }

    private static ByteArrayContent Json(byte[] body) => new(body)
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "UTF-8" } },
    };

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException("null");
    }
}
