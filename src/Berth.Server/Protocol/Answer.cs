using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Berth.Server.Protocol;

/// <summary>Answers with a document, its length known, its type exact.</summary>
internal static class Answer
{
    public const string Json = "application/json";

    /// <summary>Writes a document; for HEAD only its headers.</summary>
    public static Task JsonAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type, string contentType = Json) =>
        BytesAsync(context, JsonSerializer.SerializeToUtf8Bytes(document, type), contentType);

    public static async Task BytesAsync(HttpContext context, ReadOnlyMemory<byte> content, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(content, context.RequestAborted);
        }
    }

    /// <summary>An answer without a body.</summary>
    public static Task Empty(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent && status != StatusCodes.Status304NotModified)
        {
            context.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    /// <summary>Refuses in the specification's error format.</summary>
    public static Task ErrorAsync(HttpContext context, params IReadOnlyList<OciError> errors)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store"; // whatever the endpoint had promised about the content it could not send
        headers.Remove("ETag");
        headers.Remove("Accept-Ranges");
        headers.Remove("Docker-Content-Digest");
        context.Response.StatusCode = errors[0].Status;
        return JsonAsync(context, ErrorBody.Of(errors), OciJson.Wire.ErrorBody);
    }
}
