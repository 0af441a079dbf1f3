using System.Buffers.Text;
using System.Security.Cryptography;

namespace Berth.Uploads;

/// <summary>The public name of an upload session: 128 random bits, so that knowing it is a right to continue it.</summary>
public readonly record struct UploadId
{
    private const int Bytes = 16;

    private readonly string? _text;

    private UploadId(string text) => _text = text;

    /// <summary>22 characters of the URL-safe base 64 alphabet.</summary>
    public string Value => _text ?? throw new InvalidOperationException("default(UploadId) is not an id.");

    public static UploadId Create()
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return new UploadId(Base64Url.EncodeToString(random));
    }

    public static bool TryParse(ReadOnlySpan<char> text, out UploadId id)
    {
        Span<byte> decoded = stackalloc byte[Bytes];
        var valid = text.Length == 22 && Base64Url.TryDecodeFromChars(text, decoded, out var written) && written == Bytes;
        id = valid ? new UploadId(text.ToString()) : default;
        return valid;
    }

    public override string ToString() => _text ?? "(no upload)";
}
