using System.Buffers;

namespace Berth.Oci;

/// <summary>A tag whose text has been checked: <c>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}</c>.</summary>
/// <remarks>Distribution specification, "Pulling manifests".</remarks>
public readonly record struct Tag
{
    /// <summary>The longest tag in characters.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    private readonly string? _text;

    private Tag(string text) => _text = text;

    public string Value => _text ?? throw new InvalidOperationException("default(Tag) is not a tag.");

    public static bool TryParse(ReadOnlySpan<char> text, out Tag tag)
    {
        var valid = text.Length is > 0 and <= MaxLength && text[0] is not ('.' or '-') && !text.ContainsAnyExcept(Allowed);
        tag = valid ? new Tag(text.ToString()) : default;
        return valid;
    }

    /// <exception cref="OciException">TAG_INVALID.</exception>
    public static Tag Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var tag) ? tag : throw new OciException(OciError.TagInvalid(text.ToString()));

    public override string ToString() => _text ?? "(no tag)";
}
