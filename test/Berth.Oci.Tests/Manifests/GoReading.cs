using System.Text.Json;

namespace Berth.Oci.Tests.Manifests;

/// <summary>
/// What a client written in Go reads from a manifest: a small model of <c>encoding/json</c> and the structs of the image
/// specification. Names match without regard to case, the last of duplicates wins, objects merge, null changes nothing but a list.
/// </summary>
internal sealed record GoReading(string MediaType, string Subject, IReadOnlySet<string> Digests)
{
    /// <summary>The reading of the bytes as the given media type; null when Go's decoder reports an error.</summary>
    public static GoReading? Of(ReadOnlyMemory<byte> content, string mediaType)
    {
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 10_000 });
            return Read(document.RootElement, mediaType);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static GoReading Read(JsonElement root, string mediaType)
    {
        Require(root.ValueKind == JsonValueKind.Object);
        var digests = new List<string>();
        if (Oci.MediaTypes.IsImage(mediaType))
        {
            digests.Add(Digest(root, "config"));
            digests.AddRange(List(root, "layers"));
        }
        else if (Oci.MediaTypes.IsIndex(mediaType))
        {
            digests.AddRange(List(root, "manifests"));
        }
        else if (mediaType == Oci.MediaTypes.OciArtifactManifest)
        {
            digests.AddRange(List(root, "blobs"));
        }

        return new GoReading(Text(root, "mediaType", ""), Digest(root, "subject"), digests.ToHashSet(StringComparer.Ordinal));
    }

    private static string Digest(JsonElement parent, string field)
    {
        var digest = "";
        foreach (var descriptor in Values(parent, field).Where(value => value.ValueKind != JsonValueKind.Null))
        {
            digest = DigestOf(descriptor, digest);
        }

        return digest;
    }

    private static List<string> List(JsonElement parent, string field)
    {
        List<string> digests = [];
        foreach (var list in Values(parent, field))
        {
            Require(list.ValueKind is JsonValueKind.Null or JsonValueKind.Array);
            digests = list.ValueKind == JsonValueKind.Null ? [] : [.. list.EnumerateArray().Select(entry => DigestOf(entry, ""))];
        }

        return digests;
    }

    private static string DigestOf(JsonElement descriptor, string before)
    {
        Require(descriptor.ValueKind is JsonValueKind.Null or JsonValueKind.Object);
        return descriptor.ValueKind == JsonValueKind.Null ? before : Text(descriptor, "digest", before);
    }

    private static string Text(JsonElement parent, string field, string before)
    {
        foreach (var value in Values(parent, field).Where(value => value.ValueKind != JsonValueKind.Null))
        {
            Require(value.ValueKind == JsonValueKind.String);
            before = value.GetString()!;
        }

        return before;
    }

    private static IEnumerable<JsonElement> Values(JsonElement parent, string field) =>
        parent.EnumerateObject().Where(member => Fold(member.Name) == Fold(field)).Select(member => member.Value);

    /// <summary>Go's foldName: upper case, where the long s and the Kelvin sign are in the orbits of S and K.</summary>
    private static string Fold(string name) =>
        name.ToUpperInvariant().Replace('\u017F', 'S').Replace('\u212A', 'K');

    private static void Require(bool isOfType)
    {
        if (!isOfType)
        {
            throw new JsonException("cannot unmarshal");
        }
    }
}
