using System.Collections.Frozen;
using System.Text.Json;

namespace Berth.Oci;

/// <summary>Reads the members of manifests and descriptors, as strictly as two different JSON readers need to agree on them.</summary>
/// <remarks>
/// Most clients read with Go's <c>encoding/json</c>. It takes names without regard to case and the last of duplicates; we would
/// see only the exact name. A document with <c>layers</c> and <c>Layers</c> would be one image for us and another
/// one for the client that runs it, so a name that differs only by case from one of the specification is refused.
/// </remarks>
internal static class MemberReader
{
    private static readonly FrozenSet<string> DescriptorMembers = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "mediaType", "digest", "size", "urls", "annotations", "data", "artifactType", "platform");

    private static readonly FrozenSet<string> PlatformMembers = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "architecture", "os", "os.version", "os.features", "variant", "features");

    /// <summary>The text of a member; null when it is absent or null.</summary>
    public static string? ReadString(JsonElement parent, string member) =>
        Find(parent, member) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw ManifestParser.Invalid($"{member} is not a string");

    /// <summary>The descriptor in a member; null when it is absent or null.</summary>
    public static Descriptor? ReadDescriptor(JsonElement parent, string member) =>
        Find(parent, member) is { } value ? ReadDescriptorAt(value, member) : null;

    /// <summary>The descriptors in a member; none when it is absent or null, as Go writes an empty list.</summary>
    public static IEnumerable<Descriptor> ReadDescriptors(JsonElement parent, string member)
    {
        if (Find(parent, member) is not { } list)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(entry => ReadDescriptorAt(entry, member))
            : throw ManifestParser.Invalid($"{member} is not an array");
    }

    /// <summary>The member <c>annotations</c>; null when it is absent or null. The case of its names is the author's.</summary>
    public static Dictionary<string, string>? ReadAnnotations(JsonElement parent)
    {
        if (Find(parent, "annotations") is not { } annotations)
        {
            return null;
        }

        RequireObject(annotations, "annotations");
        return annotations.EnumerateObject().ToDictionary(
            annotation => annotation.Name,
            annotation => annotation.Value.ValueKind == JsonValueKind.String
                ? annotation.Value.GetString()!
                : throw ManifestParser.Invalid("an annotation is not a string"),
            StringComparer.Ordinal);
    }

    /// <summary>The member <c>size</c>. Only plain digits: 1.0 and 1e3 are integers to one JSON reader and errors to the next.</summary>
    public static bool TryReadSize(JsonElement parent, out long size)
    {
        size = 0;
        return parent.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number
            && !value.GetRawText().AsSpan().ContainsAnyExceptInRange('0', '9') && value.TryGetInt64(out size);
    }

    /// <summary>Refuses names that are not <paramref name="known"/> ones but would be for Go's decoder.</summary>
    public static void RefuseMisspelled(JsonElement element, FrozenSet<string> known)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (known.TryGetValue(Fold(member.Name), out var meant) && meant != member.Name)
            {
                throw ManifestParser.Invalid($"a key differs from {meant} only by case");
            }
        }
    }

    /// <summary>Go also takes a long s for an s. (And a Kelvin sign for a k, which none of our names has.)</summary>
    public static string Fold(string name) => name.Replace('\u017F', 's');

    private static Descriptor ReadDescriptorAt(JsonElement element, string where)
    {
        RequireObject(element, where);
        RefuseMisspelled(element, DescriptorMembers);
        var digest = ReadString(element, "digest") ?? throw ManifestParser.Invalid($"a descriptor in {where} has no digest");
        return new Descriptor
        {
            Digest = Digest.Parse(digest),
            Size = TryReadSize(element, out var size) ? size : throw ManifestParser.Invalid($"a descriptor in {where} has no valid size"),
            MediaType = ReadString(element, "mediaType"),
            ArtifactType = ReadString(element, "artifactType"),
            Annotations = ReadAnnotations(element),
            Platform = ReadPlatform(element),
        };
    }

    private static Platform? ReadPlatform(JsonElement descriptor)
    {
        if (Find(descriptor, "platform") is not { } platform)
        {
            return null;
        }

        RequireObject(platform, "platform");
        RefuseMisspelled(platform, PlatformMembers);
        return new Platform(ReadString(platform, "os"), ReadString(platform, "architecture"));
    }

    private static JsonElement? Find(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static void RequireObject(JsonElement element, string where)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw ManifestParser.Invalid($"{where} has something that is not an object");
        }
    }
}
