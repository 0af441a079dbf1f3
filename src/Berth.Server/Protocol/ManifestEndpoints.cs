using Berth.Access;

namespace Berth.Server.Protocol;

/// <summary><c>/v2/&lt;name&gt;/manifests/&lt;reference&gt;</c>. Distribution specification: end-3, end-7, end-9.</summary>
internal sealed class ManifestEndpoints(Registry registry, Locations locations)
{
    /// <summary>Tag parameters of one push; the specification asks for at least 10.</summary>
    private const int MaxTags = 64;

    public async Task GetAsync(HttpContext context, RegistryRoute route)
    {
        var reference = ParseExisting(route.Reference);
        var manifest = await registry.Manifests.ResolveAsync(context.Caller, route.Repository, reference, context.RequestAborted)
            ?? throw new OciException(OciError.ManifestUnknown(reference));

        context.Response.Headers.ETag = EntityTags.Of(manifest.Digest);
        context.Response.Headers["Docker-Content-Digest"] = manifest.Digest.Value;
        if (EntityTags.IsAnswer(context, manifest.Digest))
        {
            return;
        }

        context.Response.ContentType = manifest.MediaType;
        context.Response.ContentLength = manifest.Size;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            var content = await registry.Manifests.ReadAsync(context.Caller, route.Repository, manifest.Digest, context.RequestAborted)
                ?? throw new OciException(OciError.ManifestUnknown(reference));
            await context.Response.BodyWriter.WriteAsync(content, context.RequestAborted);
        }
    }

    public async Task PutAsync(HttpContext context, RegistryRoute route)
    {
        var reference = Reference.Parse(route.Reference);
        registry.Guard.Demand(context.Caller, route.Repository, Effect.Push); // before megabytes of a stranger are read
        var tags = ReadTags(context.Request);
        var content = await RequestBody.ReadAsync(context, Manifest.MaxBytes, OciError.ManifestTooLarge(Manifest.MaxBytes));
        var manifest = Manifest.Parse(content, ReadMediaType(context.Request));
        var push = await registry.Manifests.PutAsync(context.Caller, route.Repository, reference, manifest, tags, context.RequestAborted);

        var headers = context.Response.Headers;
        headers.Location = locations.Of(context, $"{route.Repository}/manifests/{push.Digest}");
        headers["Docker-Content-Digest"] = push.Digest.Value;
        if (manifest.Subject is { } subject)
        {
            headers["OCI-Subject"] = subject.Digest.Value;
        }

        if (tags.Count > 0)
        {
            headers["OCI-Tag"] = string.Join(", ", push.Tags);
        }

        await Answer.Empty(context, StatusCodes.Status201Created);
    }

    /// <summary>By tag, only the tag goes; by digest, the manifest and all tags on it.</summary>
    public async Task DeleteAsync(HttpContext context, RegistryRoute route)
    {
        var reference = ParseExisting(route.Reference);
        await (reference.Tag is { } tag
            ? registry.Tags.DeleteAsync(context.Caller, route.Repository, tag, context.RequestAborted)
            : registry.Manifests.DeleteAsync(context.Caller, route.Repository, reference.Digest!.Value, context.RequestAborted));
        await Answer.Empty(context, StatusCodes.Status202Accepted);
    }

    /// <summary>
    /// The name of a manifest that should be there. What no tag can be is the name of none: to ask for it is no mistake, it is just
    /// not found. Distribution specification, "Pulling manifests".
    /// </summary>
    private static Reference ParseExisting(string text) =>
        text.Contains(':') || Tag.TryParse(text, out _) ? Reference.Parse(text) : throw new OciException(OciError.ManifestNameUnknown(text));

    private static List<Tag> ReadTags(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return [];
        }

        var values = request.Query["tag"];
        if (values.Count > MaxTags)
        {
            throw new OciException(OciError.TooManyTags(MaxTags));
        }

        return [.. values.Select(value => Tag.Parse(value)).Distinct()];
    }

    private static string? ReadMediaType(HttpRequest request)
    {
        var header = request.ContentType.AsSpan();
        var end = header.IndexOf(';');
        return header.Length == 0 ? null : (end < 0 ? header : header[..end]).Trim().ToString();
    }
}
