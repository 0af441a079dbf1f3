using System.Text.Json;

namespace Berth.Oci;

/// <summary>Collects what a manifest names: each digest once, with the strongest demand that the manifest makes on it.</summary>
internal sealed class ReferenceSet
{
    private const int MaxCount = 10_000;

    private readonly Dictionary<Digest, Entry> _entries = [];

    public IReadOnlyList<ManifestReference> ToList() =>
        [.. _entries.Values.Select(entry => new ManifestReference(entry.Descriptor, entry.Kind) { Platforms = entry.Platforms })];

    /// <exception cref="OciException">MANIFEST_INVALID: the sizes contradict each other, or there are too many references.</exception>
    public void Add(Descriptor descriptor, ReferenceKind kind)
    {
        if (!_entries.TryGetValue(descriptor.Digest, out var entry))
        {
            entry = new Entry { Descriptor = descriptor, Kind = kind };
            _entries.Add(descriptor.Digest, entry);
        }

        if (_entries.Count > MaxCount)
        {
            throw ManifestParser.Invalid($"more than {MaxCount} references");
        }

        if (entry.Descriptor.Size != descriptor.Size)
        {
            throw ManifestParser.Invalid("two descriptors give one digest different sizes");
        }

        if (kind < entry.Kind)
        {
            (entry.Descriptor, entry.Kind) = (descriptor, kind);
        }

        if (descriptor.Platform is { } platform)
        {
            entry.Platforms.Add(platform);
        }
    }

    /// <summary>
    /// Adds the digests that stand where the specification defines none, so that collection never eats what we do not
    /// understand. The subject is no reference, but what its descriptor holds may be one.
    /// </summary>
    /// <remarks>Call it last: it adds nothing to what <see cref="Add"/> was told of a digest.</remarks>
    public void AddUndefined(JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
        {
            AddUndefinedIn(member.Value, isSubject: member.NameEquals("subject"));
        }
    }

    private void AddUndefinedIn(JsonElement element, bool isSubject = false)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                AddUndefinedIn(item);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (!isSubject && member.Value.ValueKind == JsonValueKind.String && IsDigestMember(member.Name))
                {
                    AddUndefinedDigest(member.Value.GetString(), element);
                }

                AddUndefinedIn(member.Value);
            }
        }
    }

    private void AddUndefinedDigest(string? text, JsonElement descriptor)
    {
        if (Digest.TryParse(text, out var digest) && !_entries.ContainsKey(digest))
        {
            MemberReader.TryReadSize(descriptor, out var size);
            Add(new Descriptor { Digest = digest, Size = size }, ReferenceKind.Undefined);
        }
    }

    /// <summary>No rule says how it is spelled: Go without tags writes <c>Digest</c>, Docker's schema 1 has <c>blobSum</c>.</summary>
    private static bool IsDigestMember(string name) =>
        MemberReader.Fold(name).Equals("digest", StringComparison.OrdinalIgnoreCase) || name == "blobSum";

    private sealed class Entry
    {
        public required Descriptor Descriptor { get; set; }

        public required ReferenceKind Kind { get; set; }

        public HashSet<Platform> Platforms { get; } = [];
    }
}
