using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Unicode;

namespace Berth.Oci;

/// <summary>Turns the bytes of a manifest into what the registry acts on, and refuses what two clients could read differently.</summary>
/// <remarks>
/// Image specification, manifest.md and image-index.md. Documents with the members of more than one kind are refused
/// (CVE-2021-41190), and so is all that Go's decoder and ours would read differently; see <see cref="MemberReader"/>.
/// </remarks>
internal static class ManifestParser
{
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    private static readonly FrozenSet<string> Members = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "blobs", "subject", "annotations");

    public static Manifest Parse(ReadOnlyMemory<byte> content, string? contentType)
    {
        if (!Utf8.IsValid(content.Span))
        {
            throw Invalid("the document is not UTF-8");
        }

        try
        {
            RefuseHalfSurrogates(content.Span);
            using var document = JsonDocument.Parse(content, Strict);
            return Read(content, document.RootElement, contentType);
        }
        catch (JsonException malformed)
        {
            // Only the errors of syntax know their line.
            throw Invalid(malformed.LineNumber is { } line
                ? $"the document is not JSON, or nests too deeply (line {line + 1})"
                : "the document repeats a key");
        }
    }

    internal static OciException Invalid(string reason) => new(OciError.ManifestInvalid(reason));

    private static Manifest Read(ReadOnlyMemory<byte> content, JsonElement root, string? contentType)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("the document is not an object");
        }

        MemberReader.RefuseMisspelled(root, Members);
        var mediaType = DecideMediaType(root, contentType);
        var references = new ReferenceSet();
        Descriptor? config = null;
        if (MediaTypes.IsImage(mediaType))
        {
            RefuseOtherKinds(root, "manifests");
            RequireVersion2(root);
            config = MemberReader.ReadDescriptor(root, "config") ?? throw Invalid("config is missing");
            references.Add(config, ReferenceKind.Blob);
            foreach (var layer in MemberReader.ReadDescriptors(root, "layers"))
            {
                references.Add(layer, MediaTypes.IsForeignLayer(layer.MediaType) ? ReferenceKind.Foreign : ReferenceKind.Blob);
            }
        }
        else if (MediaTypes.IsIndex(mediaType))
        {
            RefuseOtherKinds(root, "config", "layers");
            RequireVersion2(root);
            if (!root.TryGetProperty("manifests", out _))
            {
                throw Invalid("manifests is missing");
            }

            foreach (var child in MemberReader.ReadDescriptors(root, "manifests"))
            {
                references.Add(child, MediaTypes.IsManifest(child.MediaType) ? ReferenceKind.Manifest : ReferenceKind.Either);
            }
        }
        else if (mediaType == MediaTypes.OciArtifactManifest)
        {
            RefuseOtherKinds(root, "config", "layers", "manifests");
            foreach (var blob in MemberReader.ReadDescriptors(root, "blobs"))
            {
                references.Add(blob, ReferenceKind.Blob);
            }
        }

        references.AddUndefined(root);
        return new Manifest
        {
            Content = content,
            MediaType = mediaType,
            ArtifactType = NonEmpty(MemberReader.ReadString(root, "artifactType")) ?? config?.MediaType,
            Subject = MemberReader.ReadDescriptor(root, "subject"),
            Annotations = MemberReader.ReadAnnotations(root),
            References = references.ToList(),
        };
    }

    /// <summary>The client's word, the document's word, and their agreement; the shape decides only when both are silent.</summary>
    private static string DecideMediaType(JsonElement root, string? contentType)
    {
        var declared = MediaTypes.IsGeneric(contentType) ? null : contentType;
        var own = NonEmpty(MemberReader.ReadString(root, "mediaType"));
        if (declared is not null && own is not null && declared != own)
        {
            throw Invalid("mediaType differs from the Content-Type");
        }

        var mediaType = declared ?? own ?? GuessMediaType(root);
        if (!MediaTypes.IsWellFormed(mediaType))
        {
            throw Invalid("the media type is not of the form type/subtype"); // it will be a header of every answer
        }

        // Clients put a Content-Type into lower case before they look at it, and would find an index in what we took for unknown.
        return MediaTypes.IsManifest(mediaType) || !MediaTypes.IsManifest(mediaType.ToLowerInvariant())
            ? mediaType
            : throw Invalid("the media type differs from a known one only by case");
    }

    private static string GuessMediaType(JsonElement root) =>
        root.TryGetProperty("manifests", out _) ? MediaTypes.OciImageIndex
        : root.TryGetProperty("layers", out _) ? MediaTypes.OciImageManifest
        : throw Invalid("neither Content-Type nor mediaType says what this is");

    private static void RefuseOtherKinds(JsonElement root, params ReadOnlySpan<string> members)
    {
        foreach (var member in members)
        {
            if (root.TryGetProperty(member, out _))
            {
                throw Invalid($"{member} belongs to another kind of manifest");
            }
        }
    }

    private static void RequireVersion2(JsonElement root)
    {
        if (!root.TryGetProperty("schemaVersion", out var version) || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out var number) || number != 2)
        {
            throw Invalid("schemaVersion must be 2");
        }
    }

    /// <summary>An escape can spell half of a surrogate pair. Go replaces it, .NET throws when the text is wanted.</summary>
    private static void RefuseHalfSurrogates(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw Invalid("the document has a string that is not Unicode");
            }
        }
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
