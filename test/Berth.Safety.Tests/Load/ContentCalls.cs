using System.Text;
using System.Text.Json.Nodes;
using Berth.Safety.Tests.History;

namespace Berth.Safety.Tests.Load;

/// <summary>Pushes, reads and deletes what repositories hold, and writes down what became of it.</summary>
public sealed class ContentCalls(Wire wire, CallLog log, Stock stock)
{
    private const string EveryType = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";

    private readonly Dictionary<string, Image> _images = stock.Images.ToDictionary(image => image.Digest, StringComparer.Ordinal);

    /// <returns>Whether the repository has it; null when nobody knows.</returns>
    public async Task<bool?> ReadBlobAsync(string repository, Content content, bool isHead, CancellationToken cancellationToken) =>
        Seen(
            Register.Blob(repository, content.Digest),
            await wire.SendAsync(isHead ? HttpMethod.Head : HttpMethod.Get, $"/v2/{repository}/blobs/{content.Digest}", cancellationToken),
            isHead ? null : content);

    public async Task<bool?> ReadManifestAsync(string repository, Image image, CancellationToken cancellationToken) =>
        Seen(Register.Manifest(repository, image.Digest), await GetManifestAsync(repository, image.Digest, cancellationToken), image.Manifest);

    public async Task ReadTagAsync(string repository, string tag, CancellationToken cancellationToken)
    {
        var exchange = await GetManifestAsync(repository, tag, cancellationToken);
        if (exchange.Status == 404)
        {
            log.Add(Register.Tag(repository, tag), exchange.Call(Effect.Read(null)));
        }
        else if (exchange.Expect(200, log) && exchange.Answer!["Docker-Content-Digest"] is { } digest)
        {
            if (!_images.TryGetValue(digest, out var image) || !image.Manifest.Bytes.AsSpan().SequenceEqual(exchange.Answer.Body))
            {
                log.Complain($"Not the bytes of {digest}: {exchange.Answer}");
            }

            log.Add(Register.Tag(repository, tag), exchange.Call(Effect.Read(digest)));
            log.Add(Register.Manifest(repository, digest), exchange.Call(Effect.Read(Effect.There)));
        }
    }

    /// <summary>Under a tag. What it needs must be there.</summary>
    public Task PushManifestAsync(string repository, Image image, string tag, CancellationToken cancellationToken) =>
        PushManifestAsync(repository, image, tag, [tag], cancellationToken);

    /// <summary>By its digest, with any number of tags.</summary>
    public Task PushManifestAsync(string repository, Image image, IReadOnlyList<string> tags, CancellationToken cancellationToken) =>
        PushManifestAsync(repository, image, $"{image.Digest}?{string.Join('&', tags.Select(tag => $"tag={tag}"))}", tags, cancellationToken);

    public async Task MoveTagAsync(string repository, string tag, Image image, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"digest":"{{image.Digest}}"}""");
        var exchange = await wire.SendAsync(
            HttpMethod.Put, $"/v2/{repository}/tags/{tag}", cancellationToken, body, ("Content-Type", "application/json"));
        if (exchange.Status == 404)
        {
            log.Add(Register.Manifest(repository, image.Digest), exchange.Call(Effect.Read(null)));
        }
        else if (exchange.IsUnknown || exchange.Expect(201, log))
        {
            log.Add(Register.Tag(repository, tag), exchange.Call(Effect.Write(image.Digest)));
            if (!exchange.IsUnknown)
            {
                log.Add(Register.Manifest(repository, image.Digest), exchange.Call(Effect.Read(Effect.There)));
            }
        }
    }

    public async Task DeleteTagAsync(string repository, string tag, CancellationToken cancellationToken) =>
        Deleted(Register.Tag(repository, tag), await wire.SendAsync(HttpMethod.Delete, $"/v2/{repository}/manifests/{tag}", cancellationToken));

    public async Task DeleteBlobAsync(string repository, Content content, CancellationToken cancellationToken) =>
        Deleted(
            Register.Blob(repository, content.Digest),
            await wire.SendAsync(HttpMethod.Delete, $"/v2/{repository}/blobs/{content.Digest}", cancellationToken));

    /// <summary>Its tags go with it.</summary>
    public async Task DeleteManifestAsync(string repository, Image image, CancellationToken cancellationToken)
    {
        var exchange = await wire.SendAsync(HttpMethod.Delete, $"/v2/{repository}/manifests/{image.Digest}", cancellationToken);
        Deleted(Register.Manifest(repository, image.Digest), exchange);
        foreach (var tag in exchange.IsUnknown || exchange.Status == 202 ? stock.Tags : [])
        {
            log.Add(Register.Tag(repository, tag), exchange.Call(Effect.DeleteIf(image.Digest)));
        }
    }

    /// <summary>Compares a listing with what the tags are known to be; only while nobody changes them.</summary>
    public async Task CompareTagsAsync(string repository, CancellationToken cancellationToken)
    {
        var exchange = await wire.SendAsync(HttpMethod.Get, $"/v2/{repository}/tags/list", cancellationToken);
        var known = stock.Tags.Where(tag => log.Value(Register.Tag(repository, tag)) is not null).Order(StringComparer.Ordinal);
        var listed = exchange.Status == 404 ? [] : JsonNode.Parse(exchange.Answer!.Body)!["tags"]!.AsArray().Select(tag => tag!.GetValue<string>());
        Assert.Equal(known, listed);
    }

    private async Task PushManifestAsync(
        string repository, Image image, string target, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var exchange = await wire.SendAsync(
            HttpMethod.Put, $"/v2/{repository}/manifests/{target}", cancellationToken, image.Manifest.Bytes, ("Content-Type", image.MediaType));
        if (exchange.Status == 400)
        {
            Missing(repository, image, exchange);
        }
        else if (exchange.IsUnknown || exchange.Expect(201, log))
        {
            log.Add(Register.Manifest(repository, image.Digest), exchange.Call(Effect.Write(Effect.There)));
            foreach (var tag in tags)
            {
                log.Add(Register.Tag(repository, tag), exchange.Call(Effect.Write(image.Digest)));
            }

            foreach (var needed in exchange.IsUnknown ? [] : Needs(repository, image))
            {
                log.Add(needed.Register, exchange.Call(Effect.Read(Effect.There)));
            }
        }
    }

    private Task<Exchange> GetManifestAsync(string repository, string reference, CancellationToken cancellationToken) =>
        wire.SendAsync(HttpMethod.Get, $"/v2/{repository}/manifests/{reference}", cancellationToken, null, ("Accept", EveryType));

    private static IEnumerable<(string Digest, string Register)> Needs(string repository, Image image) =>
        image.Blobs.Select(blob => (blob.Digest, Register.Blob(repository, blob.Digest)))
            .Concat(image.Children.Select(child => (child.Digest, Register.Manifest(repository, child.Digest))));

    /// <summary>A refused manifest says what was missing, and at that moment it was.</summary>
    private void Missing(string repository, Image image, Exchange exchange)
    {
        var missing = JsonNode.Parse(exchange.Answer!.Body)!["errors"]!.AsArray().Select(error => error!["detail"]?.GetValue<string>()).ToArray();
        var needs = Needs(repository, image).ToArray();
        if (missing.Length == 0 || missing.Except(needs.Select(need => need.Digest)).Any())
        {
            log.Complain($"Refused without a reason that counts: {exchange.Answer}");
        }

        foreach (var (_, register) in needs.Where(need => missing.Contains(need.Digest)))
        {
            log.Add(register, exchange.Call(Effect.Read(null)));
        }
    }

    private bool? Seen(string register, Exchange exchange, Content? expected)
    {
        if (exchange.IsUnknown)
        {
            return null;
        }

        if (exchange.Status == 404)
        {
            log.Add(register, exchange.Call(Effect.Read(null)));
            return false;
        }

        if (exchange.Expect(200, log) && expected is not null && !expected.Bytes.AsSpan().SequenceEqual(exchange.Answer!.Body))
        {
            log.Complain($"Not the bytes of {expected.Digest}: {exchange.Answer}");
        }

        log.Add(register, exchange.Call(Effect.Read(Effect.There)));
        return true;
    }

    private void Deleted(string register, Exchange exchange)
    {
        switch (exchange.Status)
        {
            case 404:
                log.Add(register, exchange.Call(Effect.Read(null)));
                break;
            case 405: // something needs it
                log.Add(register, exchange.Call(Effect.Read(Effect.There)));
                break;
            default:
                if (exchange.IsUnknown || exchange.Expect(202, log))
                {
                    log.Add(register, exchange.Call(Effect.Delete));
                }

                break;
        }
    }
}
