using Microsoft.Extensions.Primitives;

namespace Berth.Server.Protocol;

/// <summary>Conditional requests (RFC 9110, 13): the entity tag of content is its digest in quotes.</summary>
internal static class EntityTags
{
    public static string Of(Digest digest) => $"\"{digest.Value}\"";

    /// <summary>Sets the status to 304 or 412 when the request's conditions say so.</summary>
    /// <returns>Whether that was the answer.</returns>
    public static bool IsAnswer(HttpContext context, Digest digest)
    {
        var request = context.Request.Headers;
        if (request.IfMatch.Count > 0 && !Matches(request.IfMatch, digest))
        {
            context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
            context.Response.ContentLength = 0;
            return true;
        }

        if (request.IfNoneMatch.Count > 0 && Matches(request.IfNoneMatch, digest))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        return false;
    }

    /// <summary>Content under a digest never changes, so weak and strong comparison are the same. Bare digests are what distribution takes too.</summary>
    public static bool Matches(StringValues header, Digest digest)
    {
        foreach (var value in header)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var tag = value.AsSpan()[range].Trim();
                tag = tag.StartsWith("W/") ? tag[2..] : tag;
                if (tag is "*" || tag.Trim('"').SequenceEqual(digest.Value))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
