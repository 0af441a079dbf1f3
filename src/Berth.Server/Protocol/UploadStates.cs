using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Berth.Uploads;

namespace Berth.Server.Protocol;

/// <summary>The <c>_state</c> of an upload's location: the offset it was given out for, signed when <c>http.secret</c> is set.</summary>
/// <remarks>
/// A client that repeats a request whose answer it never got, without saying where its bytes belong, would append them twice. The
/// offset in the location shows it. A client that leaves the query out is served all the same: the id alone is the right to write.
/// </remarks>
internal sealed class UploadStates(string? secret)
{
    private const string Parameter = "_state";

    private readonly byte[]? _key = string.IsNullOrEmpty(secret) ? null : Encoding.UTF8.GetBytes(secret);

    public string Write(UploadRow upload) => $"{Parameter}={Sign(upload.Repository, upload.Id, upload.Offset)}";

    /// <returns>The offset the location was given out for; null when the location has no state.</returns>
    /// <exception cref="OciException">BLOB_UPLOAD_INVALID: this registry did not write it.</exception>
    public long? Read(HttpContext context, RepositoryName repository, UploadId id)
    {
        if (!context.Request.QueryString.HasValue || !context.Request.Query.ContainsKey(Parameter))
        {
            return null;
        }

        var text = Query.Single(context, Parameter) ?? "";
        var digits = text.AsSpan(0, text.IndexOf('.') is >= 0 and var dot ? dot : text.Length);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(repository, id, offset)), Encoding.UTF8.GetBytes(text))
                ? offset
                : throw new OciException(OciError.UploadStateInvalid());
    }

    private string Sign(RepositoryName repository, UploadId id, long offset)
    {
        if (_key is null)
        {
            return offset.ToString(CultureInfo.InvariantCulture);
        }

        // A name has no space and an id has a fixed length, so no two uploads sign the same text.
        var signed = Encoding.UTF8.GetBytes($"berth upload {repository} {id} {offset}");
        return $"{offset}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, signed))}";
    }
}
