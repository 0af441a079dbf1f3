namespace Berth.Server.Protocol;

/// <summary><c>/v2/&lt;name&gt;/blobs/&lt;digest&gt;</c>. Distribution specification: end-2, end-10.</summary>
internal sealed class BlobEndpoints(Registry registry)
{
    public async Task GetAsync(HttpContext context, RegistryRoute route)
    {
        var digest = Digest.Parse(route.Reference);
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && await registry.Blobs.FindUrlAsync(context.Caller, route.Repository, digest, context.RequestAborted) is { } url)
        {
            Redirect(context, digest, url);
            return;
        }

        using var blob = await registry.Blobs.OpenAsync(context.Caller, route.Repository, digest, context.RequestAborted)
            ?? throw new OciException(OciError.BlobUnknown(digest));
        if (IsConditionalAnswer(context, digest))
        {
            return;
        }

        var response = context.Response;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "max-age=31536000";
        response.ContentType = MediaTypes.OctetStream;
        var range = isHead ? null : ParseRange(context, digest, blob.Row.Size);
        if (range is { } part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {part.Start}-{part.Start + part.Length - 1}/{blob.Row.Size}";
        }

        var sent = range ?? new ByteRange(0, blob.Row.Size);
        response.ContentLength = sent.Length;
        if (!isHead)
        {
            await BlobBody.SendAsync(context, blob.Content, sent);
        }
    }

    public async Task DeleteAsync(HttpContext context, RegistryRoute route)
    {
        await registry.Blobs.DeleteAsync(context.Caller, route.Repository, Digest.Parse(route.Reference), context.RequestAborted);
        await Answer.Empty(context, StatusCodes.Status202Accepted);
    }

    /// <summary>The store answers ranges by itself. The address is good for minutes only, and a secret of who asked.</summary>
    private static void Redirect(HttpContext context, Digest digest, Uri url)
    {
        if (IsConditionalAnswer(context, digest))
        {
            return;
        }

        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = url.AbsoluteUri;
        context.Response.ContentLength = 0;
    }

    private static bool IsConditionalAnswer(HttpContext context, Digest digest)
    {
        context.Response.Headers.ETag = EntityTags.Of(digest);
        context.Response.Headers["Docker-Content-Digest"] = digest.Value;
        return EntityTags.IsAnswer(context, digest);
    }

    private static ByteRange? ParseRange(HttpContext context, Digest digest, long size)
    {
        var headers = context.Request.Headers;
        if (headers.IfRange.Count > 0 && !EntityTags.Matches(headers.IfRange, digest))
        {
            return null;
        }

        try
        {
            return ByteRange.Parse(headers.Range, size);
        }
        catch (OciException)
        {
            context.Response.Headers.ContentRange = $"bytes */{size}";
            throw;
        }
    }
}
