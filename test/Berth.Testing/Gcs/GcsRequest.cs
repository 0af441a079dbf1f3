using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Berth.Testing.Gcs;

/// <summary>A request to the server, read to its end.</summary>
internal sealed record GcsRequest(string Method, string RawPath, string RawQuery, string Host, string? Authorization, string? Range, string? ContentType, byte[] Body)
{
    /// <summary>Parts between the slashes, decoded: a name that is one part had its slashes encoded.</summary>
    public IReadOnlyList<string> Path { get; } = [.. RawPath.TrimStart('/').Split('/').Select(Uri.UnescapeDataString)];

    public IReadOnlyDictionary<string, string> Query { get; } = Split(RawQuery);

    public IReadOnlyDictionary<string, string> Form => Split(Encoding.ASCII.GetString(Body).Replace('+', ' '));

    public string? Fields => Query.GetValueOrDefault("fields");

    public long? IfGenerationMatch =>
        Query.TryGetValue("ifGenerationMatch", out var text) ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public int? RangeStart => Range is null ? null : (int)RangeHeaderValue.Parse(Range).Ranges.Single().From!.Value;

    public JsonNode Json => ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true
        ? ParseJson(Body)
        : throw new GcsRefusedException(400, "parseError", "This API does not support parsing form-encoded input.");

    public static async Task<GcsRequest> ReadAsync(HttpListenerRequest request)
    {
        using var body = new MemoryStream();
        var block = new byte[64 * 1024];
        while (await request.InputStream.ReadAsync(block, TestContext.Current.CancellationToken) is > 0 and var read)
        {
            body.Write(block, 0, read);
        }

        var target = request.RawUrl!.Split('?', 2);
        return new GcsRequest(
            request.HttpMethod,
            target[0],
            target.ElementAtOrDefault(1) ?? "",
            request.UserHostName,
            request.Headers["Authorization"],
            request.Headers["Range"],
            request.ContentType,
            body.ToArray());
    }

    /// <summary>The two parts of an upload: JSON, and bytes.</summary>
    public (JsonNode Head, byte[] Content) ReadMultipart()
    {
        var type = MediaTypeHeaderValue.Parse(ContentType!);
        var boundary = type.Parameters.Single(parameter => parameter.Name == "boundary").Value!.Trim('"');
        if (type.MediaType != "multipart/related")
        {
            throw new GcsRefusedException(400, "badContent", "Unsupported content with type");
        }

        var (headStart, headEnd) = FindPart(0, boundary);
        var (start, end) = FindPart(headEnd, boundary);
        return (ParseJson(Body[headStart..headEnd]), Body[start..end]);
    }

    private (int Start, int End) FindPart(int from, string boundary)
    {
        var first = from + Body.AsSpan(from).IndexOf(Encoding.ASCII.GetBytes($"--{boundary}\r\n"));
        var start = first + Body.AsSpan(first).IndexOf("\r\n\r\n"u8) + 4;
        var length = Body.AsSpan(start).IndexOf(Encoding.ASCII.GetBytes($"\r\n--{boundary}"));
        return length >= 0 ? (start, start + length) : throw new GcsRefusedException(400, "malformed", "Malformed multipart body.");
    }

    private static JsonNode ParseJson(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body)!;
        }
        catch (JsonException)
        {
            throw new GcsRefusedException(400, "parseError", "Parse Error");
        }
    }

    private static Dictionary<string, string> Split(string query) => query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
}
