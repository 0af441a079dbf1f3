using System.Text.Json;

namespace Berth.Server.Protocol;

/// <summary><c>/v2/&lt;name&gt;/tags/list</c> (distribution specification: end-8) and, beyond it, one tag by name.</summary>
internal sealed class TagEndpoints(Registry registry, ListingOptions options, Locations locations)
{
    private const int MaxMoveBytes = 1024;

    public async Task ListAsync(HttpContext context, RegistryRoute route)
    {
        if (Paging.Size(context) is not { } asked)
        {
            await ListAllAsync(context, route.Repository);
            return;
        }

        var size = Math.Min(asked, options.MaxTags);
        var tags = await registry.Tags.ListAsync(context.Caller, route.Repository, Paging.Last(context), size + 1, context.RequestAborted)
            ?? throw new OciException(OciError.NameUnknown(route.Repository));
        var page = tags.Take(size).Select(tag => tag.Value).ToArray();
        if (tags.Count > size && size > 0)
        {
            Paging.LinkNext(context, locations.PathOf(context.Request), page[^1], size);
        }

        await Answer.JsonAsync(context, new TagList(route.Repository.Value, page), OciJson.Wire.TagList);
    }

    /// <summary>One tag: where it points, and since when.</summary>
    public async Task GetAsync(HttpContext context, RegistryRoute route)
    {
        var tag = Tag.Parse(route.Reference);
        var row = await registry.Tags.FindAsync(context.Caller, route.Repository, tag, context.RequestAborted)
            ?? throw new OciException(OciError.ManifestUnknown(tag));
        context.Response.Headers["Docker-Content-Digest"] = row.Digest.Value;
        var document = new TagDocument(row.Tag.Value, row.Digest, row.MediaType, row.Size, row.CreatedAt, row.UpdatedAt);
        await Answer.JsonAsync(context, document, TagJson.Default.TagDocument);
    }

    /// <summary>Creates or moves a tag: the body names the digest of a manifest that the repository has.</summary>
    public async Task MoveAsync(HttpContext context, RegistryRoute route)
    {
        var tag = Tag.Parse(route.Reference);
        var body = await RequestBody.ReadAsync(context, MaxMoveBytes, OciError.BodyTooLarge(MaxMoveBytes));
        var digest = ReadDigest(body.Span);
        await registry.Tags.MoveAsync(context.Caller, route.Repository, tag, digest, context.RequestAborted);
        context.Response.Headers["Docker-Content-Digest"] = digest.Value;
        await Answer.Empty(context, StatusCodes.Status201Created);
    }

    public async Task DeleteAsync(HttpContext context, RegistryRoute route)
    {
        await registry.Tags.DeleteAsync(context.Caller, route.Repository, Tag.Parse(route.Reference), context.RequestAborted);
        await Answer.Empty(context, StatusCodes.Status202Accepted);
    }

    private static Digest ReadDigest(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, TagJson.Default.TagMove)?.Digest is { } text
                ? Digest.Parse(text)
                : throw new OciException(OciError.TagBodyInvalid());
        }
        catch (JsonException)
        {
            throw new OciException(OciError.TagBodyInvalid());
        }
    }

    /// <summary>Without a page size the answer has every tag, as clients of distribution expect, written page by page.</summary>
    private async Task ListAllAsync(HttpContext context, RepositoryName repository)
    {
        var last = Paging.Last(context);
        var tags = await registry.Tags.ListAsync(context.Caller, repository, last, options.MaxTags, context.RequestAborted)
            ?? throw new OciException(OciError.NameUnknown(repository));
        context.Response.ContentType = Answer.Json;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("name", repository.Value);
        writer.WriteStartArray("tags");
        while (tags is { Count: > 0 })
        {
            foreach (var tag in tags)
            {
                writer.WriteStringValue(tag.Value);
            }

            await writer.FlushAsync(context.RequestAborted);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            tags = tags.Count < options.MaxTags
                ? null
                : await registry.Tags.ListAsync(context.Caller, repository, tags[^1].Value, options.MaxTags, context.RequestAborted);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }
}
