using System.Text.Json.Serialization;

namespace Berth.Oci;

/// <summary>The error codes of the distribution specification, and the ones distribution added that clients know.</summary>
/// <remarks>Distribution specification, "Error Codes"; the names on the wire are its own.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<OciErrorCode>))]
public enum OciErrorCode
{
    [JsonStringEnumMemberName("BLOB_UNKNOWN")] BlobUnknown,
    [JsonStringEnumMemberName("BLOB_UPLOAD_INVALID")] BlobUploadInvalid,
    [JsonStringEnumMemberName("BLOB_UPLOAD_UNKNOWN")] BlobUploadUnknown,
    [JsonStringEnumMemberName("DIGEST_INVALID")] DigestInvalid,
    [JsonStringEnumMemberName("MANIFEST_BLOB_UNKNOWN")] ManifestBlobUnknown,
    [JsonStringEnumMemberName("MANIFEST_INVALID")] ManifestInvalid,
    [JsonStringEnumMemberName("MANIFEST_UNKNOWN")] ManifestUnknown,
    [JsonStringEnumMemberName("NAME_INVALID")] NameInvalid,
    [JsonStringEnumMemberName("NAME_UNKNOWN")] NameUnknown,
    [JsonStringEnumMemberName("SIZE_INVALID")] SizeInvalid,
    [JsonStringEnumMemberName("TAG_INVALID")] TagInvalid,
    [JsonStringEnumMemberName("RANGE_INVALID")] RangeInvalid,
    [JsonStringEnumMemberName("PAGINATION_NUMBER_INVALID")] PaginationNumberInvalid,
    [JsonStringEnumMemberName("UNAUTHORIZED")] Unauthorized,
    [JsonStringEnumMemberName("DENIED")] Denied,
    [JsonStringEnumMemberName("UNSUPPORTED")] Unsupported,
    [JsonStringEnumMemberName("UNAVAILABLE")] Unavailable,
    [JsonStringEnumMemberName("TOOMANYREQUESTS")] TooManyRequests,
    [JsonStringEnumMemberName("UNKNOWN")] Unknown,
}
