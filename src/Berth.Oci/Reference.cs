namespace Berth.Oci;

/// <summary>What names a manifest in a path: a tag, or a digest.</summary>
/// <remarks>Distribution specification, "Pulling manifests".</remarks>
public readonly record struct Reference
{
    private Reference(Tag? tag, Digest? digest) => (Tag, Digest) = (tag, digest);

    /// <summary>The tag, when the reference is one.</summary>
    public Tag? Tag { get; }

    /// <summary>The digest, when the reference is one.</summary>
    public Digest? Digest { get; }

    public static implicit operator Reference(Tag tag) => new(tag, null);

    public static implicit operator Reference(Digest digest) => new(null, digest);

    /// <summary>A text with a colon can only be meant as a digest, since no tag has one.</summary>
    /// <exception cref="OciException">DIGEST_INVALID or TAG_INVALID.</exception>
    public static Reference Parse(ReadOnlySpan<char> text) =>
        text.Contains(':') ? Oci.Digest.Parse(text) : Oci.Tag.Parse(text);

    public override string ToString() => Tag?.ToString() ?? Digest?.ToString() ?? "(no reference)";
}
