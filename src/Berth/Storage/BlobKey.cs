namespace Berth.Storage;

/// <summary>Names one stored object. Every upload gets its own key, and a key is never used again.</summary>
/// <remarks>
/// Because of that, deleting an object can never hit content that somebody stored later under the same digest
/// (rule R1 of the collection protocol). Keys sort by the time they were made.
/// </remarks>
public readonly record struct BlobKey
{
    private readonly Guid _value;

    private BlobKey(Guid value) => _value = value;

    public static BlobKey Create(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    public static bool TryParse(ReadOnlySpan<char> text, out BlobKey key)
    {
        // Length first: Guid's parser trims white space.
        var value = Guid.Empty;
        var valid = text.Length == 32 && Guid.TryParseExact(text, "N", out value) && !text.ContainsAnyInRange('A', 'F');
        key = valid ? new BlobKey(value) : default;
        return valid;
    }

    public static BlobKey Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var key) ? key : throw new FormatException("not a blob key");

    /// <summary>32 lower-case hexadecimal characters.</summary>
    public override string ToString() => _value.ToString("N");
}
