using System.Buffers;

namespace Berth.Oci;

/// <summary>A refusal the client is meant to read. Faults of ours never become one of these, except the two last ones.</summary>
/// <remarks>
/// Distribution specification, "Error Codes". One factory a reason: the only place where a reason, its code, its HTTP status
/// and its text meet. <see cref="Detail"/> is for the client's eyes: a digest, a name, a limit; never a path or a type name.
/// </remarks>
public sealed record OciError
{
    /// <summary>The longest text of a stranger that is sent back, in characters.</summary>
    private const int MaxQuoteLength = 128;

    /// <summary>What may stand in a terminal, a log line or a page without doing something there.</summary>
    private static readonly SearchValues<char> Harmless =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%()*+,-./:;=?@[]^_{|}~");

    private OciError(int status, OciErrorCode code, string message, string? detail = null) =>
        (Status, Code, Message, Detail) = (status, code, message, detail);

    /// <summary>The HTTP status that goes with the reason.</summary>
    public int Status { get; }

    public OciErrorCode Code { get; }

    public string Message { get; }

    public string? Detail { get; }

    public static OciError BlobUnknown(Digest digest) =>
        new(404, OciErrorCode.BlobUnknown, "blob unknown to registry", digest.Value);

    public static OciError BlobInUse(Digest digest) =>
        new(405, OciErrorCode.Denied, "blob is referenced by a manifest of this repository; delete the manifest first", digest.Value);

    public static OciError UploadUnknown() =>
        new(404, OciErrorCode.BlobUploadUnknown, "blob upload unknown to registry");

    public static OciError UploadStateInvalid() =>
        new(404, OciErrorCode.BlobUploadInvalid, "blob upload invalid", "this location was not written by this registry");

    public static OciError UploadBusy() =>
        new(409, OciErrorCode.BlobUploadInvalid, "blob upload invalid", "another request is writing to this upload");

    public static OciError ChunkOutOfOrder(long expected) =>
        new(416, OciErrorCode.RangeInvalid, "invalid content range", $"the next byte is {expected}");

    public static OciError ContentRangeMalformed(string text) =>
        new(400, OciErrorCode.RangeInvalid, "invalid content range", $"expected first-last, as in 0-1023, got {Quote(text)}");

    public static OciError RangeNotSatisfiable(long size) =>
        new(416, OciErrorCode.RangeInvalid, "range not satisfiable", $"the content has {size} bytes");

    public static OciError LengthMismatch(long expected, long actual) =>
        new(400, OciErrorCode.SizeInvalid, "provided length did not match content length", $"expected {expected} bytes, got {actual}");

    public static OciError DigestMissing() =>
        new(400, OciErrorCode.DigestInvalid, "digest missing", "exactly one digest parameter is needed");

    public static OciError DigestMalformed(string text) =>
        new(400, OciErrorCode.DigestInvalid, "invalid digest", Quote(text));

    public static OciError DigestMismatch(Digest expected, Digest actual) =>
        new(400, OciErrorCode.DigestInvalid, "provided digest did not match uploaded content", $"expected {expected}, got {actual}");

    public static OciError AlgorithmUnsupported(string name) =>
        new(400, OciErrorCode.DigestInvalid, "digest algorithm is not supported", Quote(name));

    public static OciError ManifestUnknown(Reference reference) =>
        new(404, OciErrorCode.ManifestUnknown, "manifest unknown", reference.ToString());

    /// <summary>Asked for by a text that is no reference.</summary>
    public static OciError ManifestNameUnknown(string text) =>
        new(404, OciErrorCode.ManifestUnknown, "manifest unknown", Quote(text));

    public static OciError ManifestInvalid(string reason) =>
        new(400, OciErrorCode.ManifestInvalid, "manifest invalid", Quote(reason));

    public static OciError ManifestTooLarge(long limit) =>
        new(413, OciErrorCode.SizeInvalid, "manifest is too large", $"at most {limit} bytes");

    public static OciError ManifestReferenceUnknown(Digest digest) =>
        new(400, OciErrorCode.ManifestBlobUnknown, "manifest references a blob unknown to the repository", digest.Value);

    public static OciError ManifestChildUnknown(Digest digest) =>
        new(400, OciErrorCode.ManifestBlobUnknown, "index references a manifest unknown to the repository", digest.Value);

    public static OciError DescriptorSizeWrong(Descriptor descriptor, long actual) =>
        new(400, OciErrorCode.ManifestInvalid, "a descriptor has the wrong size", $"{descriptor.Digest} has {actual} bytes, not {descriptor.Size}");

    public static OciError ManifestInUse(Digest digest) =>
        new(405, OciErrorCode.Denied, "manifest is part of an index of this repository; delete the index first", digest.Value);

    public static OciError NameInvalid(string name) =>
        new(400, OciErrorCode.NameInvalid, "invalid repository name", Quote(name));

    public static OciError NameUnknown(RepositoryName name) =>
        new(404, OciErrorCode.NameUnknown, "repository name not known to registry", name.Value);

    public static OciError TagInvalid(string tag) =>
        new(400, OciErrorCode.TagInvalid, "invalid tag", Quote(tag));

    public static OciError TagsNeedDigest() =>
        new(400, OciErrorCode.TagInvalid, "tag parameters go with a push by digest only");

    public static OciError TagBodyInvalid() =>
        new(400, OciErrorCode.DigestInvalid, "the body must be an object whose member digest is a digest");

    public static OciError TooManyTags(int limit) =>
        new(414, OciErrorCode.TagInvalid, "too many tag parameters", $"at most {limit}");

    public static OciError PageSizeInvalid(string text) =>
        new(400, OciErrorCode.PaginationNumberInvalid, "invalid number of results requested", Quote(text));

    /// <param name="scope">What a token would have to be for; null when any credentials will do.</param>
    public static OciError Unauthorized(string? scope) =>
        new(401, OciErrorCode.Unauthorized, "authentication required", scope is null ? null : Quote(scope));

    /// <param name="missing">What the caller would need.</param>
    public static OciError AccessDenied(string missing) =>
        new(403, OciErrorCode.Denied, "requested access to the resource is denied", Quote(missing));

    public static OciError TagHeld(Tag tag) =>
        new(403, OciErrorCode.Denied, "the tag exists, and to move it the action overwrite is needed", tag.Value);

    public static OciError RouteUnknown() =>
        new(404, OciErrorCode.Unsupported, "there is nothing at this path");

    public static OciError PathInvalid() =>
        new(400, OciErrorCode.NameInvalid, "the path is ambiguous or has characters that no name, tag or digest has");

    public static OciError MethodNotAllowed() =>
        new(405, OciErrorCode.Unsupported, "The operation is unsupported.");

    public static OciError ReadOnly() =>
        new(405, OciErrorCode.Unsupported, "The operation is unsupported.", "the registry is read-only");

    public static OciError DeleteDisabled() =>
        new(405, OciErrorCode.Unsupported, "The operation is unsupported.", "deletion is disabled");

    public static OciError EncodingUnsupported(string encoding) =>
        new(415, OciErrorCode.Unsupported, "content and transfer encodings other than chunked are not supported", Quote(encoding));

    public static OciError BodyTooLarge(long limit) =>
        new(413, OciErrorCode.SizeInvalid, "request body is too large", $"at most {limit} bytes");

    public static OciError TargetTooLong(int limit) =>
        new(414, OciErrorCode.Unsupported, "request target is too long", $"at most {limit} characters");

    public static OciError HeadersTooLarge(int limit) =>
        new(431, OciErrorCode.Unsupported, "request headers are too large", $"at most {limit} bytes");

    /// <summary>The client stopped sending, or sent what is not HTTP; the server's own reason phrase is kept out of it.</summary>
    public static OciError RequestBroken(int status) =>
        new(status, OciErrorCode.Unsupported, status == 408 ? "the request body came too slowly" : "the request is malformed");

    /// <summary>A fault that a later retry may not meet.</summary>
    public static OciError Unavailable() => new(503, OciErrorCode.Unavailable, "service unavailable", "try again later");

    /// <summary>Any other fault. The log has the reason.</summary>
    public static OciError Internal() => new(500, OciErrorCode.Unknown, "unknown error");

    /// <summary>What a stranger sent comes back short, and without the characters that could do harm where it is shown.</summary>
    private static string Quote(string text)
    {
        Span<char> quote = stackalloc char[Math.Min(text.Length, MaxQuoteLength)];
        text.AsSpan(0, quote.Length).ReplaceAnyExcept(quote, Harmless, '?');
        return quote.Length < text.Length ? $"{quote}..." : quote.ToString();
    }
}
