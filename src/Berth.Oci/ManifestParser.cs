using System.Text.Json;
using System.Text.Unicode;

namespace Berth.Oci;

/// <summary>Turns the bytes of a manifest into what the registry acts on, and refuses what two clients could read differently.</summary>
/// <remarks>
/// Go's decoder takes keys case-insensitively and the last of duplicates, .NET's is case-sensitive: a document with
/// <c>layers</c> and <c>Layers</c> would mean one thing to us and another to the client that runs it. Such documents are
/// refused, as are documents with the members of both an image manifest and an index (CVE-2021-41190).
/// </remarks>
internal static class ManifestParser
{
    private const int MaxDepth = 32;
    private const int MaxReferences = 10_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    private static readonly string[] KnownMembers =
    [
        "schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "blobs", "subject", "annotations",
        "digest", "size", "urls", "data", "platform",
    ];

    public static Manifest Parse(ReadOnlyMemory<byte> content, string? contentType)
    {
        if (!Utf8.IsValid(content.Span))
        {
            throw Invalid("the document is not UTF-8");
        }

        try
        {
            using var document = JsonDocument.Parse(content, Strict);
            return Read(content, document.RootElement, contentType);
        }
        catch (JsonException malformed)
        {
            throw Invalid($"the document is not JSON, nests too deeply, or repeats a key (line {malformed.LineNumber + 1})");
        }
        catch (InvalidOperationException) // a string with an unpaired surrogate has no text
        {
            throw Invalid("the document has a string that is not Unicode");
        }
    }

    private static Manifest Read(ReadOnlyMemory<byte> content, JsonElement root, string? contentType)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("the document is not an object");
        }

        RefuseMisspelledMembers(root);
        var mediaType = DecideMediaType(root, contentType);
        RefuseMixedKinds(root, mediaType);
        if (MediaTypes.IsManifest(mediaType) && mediaType != MediaTypes.OciArtifactManifest && !IsVersion2(root))
        {
            throw Invalid("schemaVersion must be 2");
        }

        var references = new Dictionary<Digest, ManifestReference>();
        var config = MediaTypes.IsImage(mediaType) ? ReadDescriptor(root, "config") : null;
        if (config is not null)
        {
            Add(references, config, ReferenceKind.Blob);
        }

        if (MediaTypes.IsImage(mediaType))
        {
            ReadList(root, "layers", references, layer => MediaTypes.IsForeignLayer(layer.MediaType) ? ReferenceKind.Foreign : ReferenceKind.Blob);
        }
        else if (MediaTypes.IsIndex(mediaType))
        {
            ReadList(root, "manifests", references, child => MediaTypes.IsManifest(child.MediaType) ? ReferenceKind.Manifest : ReferenceKind.Either);
        }
        else if (mediaType == MediaTypes.OciArtifactManifest)
        {
            ReadList(root, "blobs", references, _ => ReferenceKind.Blob);
        }

        var subject = ReadDescriptor(root, "subject");
        CollectUndefined(root, references, subject, isRoot: true);

        return new Manifest
        {
            Content = content,
            MediaType = mediaType,
            ArtifactType = NonEmpty(ReadString(root, "artifactType")) ?? config?.MediaType,
            Subject = subject,
            Annotations = ReadAnnotations(root),
            References = [.. references.Values],
        };
    }

    /// <summary>The client's word, the document's word, and their agreement; the shape decides only when both are silent.</summary>
    private static string DecideMediaType(JsonElement root, string? contentType)
    {
        var declared = contentType is null or "" or MediaTypes.OctetStream or "application/json" or "application/x-www-form-urlencoded"
            ? null
            : contentType;
        var own = NonEmpty(ReadString(root, "mediaType"));
        if (declared is not null && own is not null && declared != own)
        {
            throw Invalid("mediaType differs from the Content-Type");
        }

        if ((declared ?? own) is { } mediaType)
        {
            return mediaType;
        }

        return root.TryGetProperty("manifests", out _) ? MediaTypes.OciImageIndex
            : root.TryGetProperty("layers", out _) ? MediaTypes.OciImageManifest
            : throw Invalid("neither Content-Type nor mediaType says what this is");
    }

    private static void RefuseMixedKinds(JsonElement root, string mediaType)
    {
        var hasImageMembers = root.TryGetProperty("layers", out _) || root.TryGetProperty("config", out _);
        var hasIndexMembers = root.TryGetProperty("manifests", out _);
        if (MediaTypes.IsImage(mediaType) && hasIndexMembers || MediaTypes.IsIndex(mediaType) && hasImageMembers)
        {
            throw Invalid("the document has the members of an image manifest and of an index");
        }

        if (MediaTypes.IsImage(mediaType) && !root.TryGetProperty("config", out _))
        {
            throw Invalid("config is missing");
        }

        if (MediaTypes.IsIndex(mediaType) && !hasIndexMembers)
        {
            throw Invalid("manifests is missing");
        }
    }

    private static bool IsVersion2(JsonElement root) =>
        root.TryGetProperty("schemaVersion", out var version) && version.ValueKind == JsonValueKind.Number
        && version.TryGetInt32(out var number) && number == 2;

    private static void ReadList(
        JsonElement root, string member, Dictionary<Digest, ManifestReference> references, Func<Descriptor, ReferenceKind> kindOf)
    {
        if (!root.TryGetProperty(member, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return; // Go writes an empty slice as null
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Invalid($"{member} is not an array");
        }

        foreach (var element in list.EnumerateArray())
        {
            var descriptor = ReadDescriptorAt(element, $"an entry of {member}");
            Add(references, descriptor, kindOf(descriptor));
        }
    }

    private static Descriptor? ReadDescriptor(JsonElement root, string member) =>
        root.TryGetProperty(member, out var element) && element.ValueKind != JsonValueKind.Null
            ? ReadDescriptorAt(element, member)
            : null;

    private static Descriptor ReadDescriptorAt(JsonElement element, string where)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Invalid($"{where} is not a descriptor");
        }

        RefuseMisspelledMembers(element);
        var digest = ReadString(element, "digest") ?? throw Invalid($"{where} has no digest");
        return new Descriptor
        {
            Digest = Digest.Parse(digest),
            Size = TryReadSize(element, out var size) ? size : throw Invalid($"{where} has no valid size"),
            MediaType = ReadString(element, "mediaType"),
            ArtifactType = ReadString(element, "artifactType"),
            Annotations = ReadAnnotations(element),
            Platform = ReadPlatform(element),
        };
    }

    /// <summary>Finds descriptors outside the places the specification defines, so that collection never eats what we do not understand.</summary>
    private static void CollectUndefined(
        JsonElement element, Dictionary<Digest, ManifestReference> references, Descriptor? subject, bool isRoot = false)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                CollectUndefined(item, references, subject);
            }
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (!isRoot && TryReadUndefined(element) is { } descriptor && descriptor.Digest != subject?.Digest)
        {
            Add(references, descriptor, ReferenceKind.Undefined);
        }

        foreach (var member in element.EnumerateObject())
        {
            CollectUndefined(member.Value, references, subject);
        }
    }

    private static Descriptor? TryReadUndefined(JsonElement element)
    {
        if (!element.TryGetProperty("digest", out var digest) || digest.ValueKind != JsonValueKind.String
            || !Digest.TryParse(digest.GetString(), out var parsed))
        {
            return null;
        }

        var hasSize = TryReadSize(element, out var size);
        return hasSize || element.TryGetProperty("mediaType", out _) ? new Descriptor { Digest = parsed, Size = size } : null;
    }

    private static void Add(Dictionary<Digest, ManifestReference> references, Descriptor descriptor, ReferenceKind kind)
    {
        if (!references.TryAdd(descriptor.Digest, new ManifestReference(descriptor, kind)))
        {
            var known = references[descriptor.Digest];
            if (kind != ReferenceKind.Undefined && known.Descriptor.Size != descriptor.Size)
            {
                throw Invalid("two descriptors give one digest different sizes");
            }
        }

        if (references.Count > MaxReferences)
        {
            throw Invalid($"more than {MaxReferences} references");
        }
    }

    private static string? ReadString(JsonElement element, string member)
    {
        if (!element.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Invalid($"{member} is not a string");
    }

    /// <summary>Only plain digits: 1.0 and 1e3 are numbers to one JSON reader and errors to the next.</summary>
    private static bool TryReadSize(JsonElement element, out long size)
    {
        size = 0;
        return element.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number
            && !value.GetRawText().AsSpan().ContainsAnyExceptInRange('0', '9') && value.TryGetInt64(out size);
    }

    private static Dictionary<string, string>? ReadAnnotations(JsonElement element)
    {
        if (!element.TryGetProperty("annotations", out var annotations) || annotations.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (annotations.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("annotations is not an object");
        }

        return annotations.EnumerateObject().ToDictionary(
            member => member.Name,
            member => member.Value.ValueKind == JsonValueKind.String
                ? member.Value.GetString()!
                : throw Invalid("an annotation is not a string"),
            StringComparer.Ordinal);
    }

    private static Platform? ReadPlatform(JsonElement element) =>
        element.TryGetProperty("platform", out var platform) && platform.ValueKind == JsonValueKind.Object
            ? new Platform(ReadString(platform, "os"), ReadString(platform, "architecture"))
            : null;

    private static void RefuseMisspelledMembers(JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            foreach (var known in KnownMembers)
            {
                if (member.Name.Equals(known, StringComparison.OrdinalIgnoreCase) && member.Name != known)
                {
                    throw Invalid($"a key differs from {known} only by case");
                }
            }
        }
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static OciException Invalid(string reason) => new(OciError.ManifestInvalid(reason));
}
