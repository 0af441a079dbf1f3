using Amazon.S3;

namespace Berth.Storage.S3;

/// <summary>How an object that stays is kept: what is sent with it. Null is not sent.</summary>
internal static class S3Keeping
{
    public static S3CannedACL? Acl(S3Options options) => options.ObjectAcl == "private" ? null : S3CannedACL.FindValue(options.ObjectAcl);

    public static S3StorageClass? StorageClass(S3Options options) => options.StorageClass.ToUpperInvariant() switch
    {
        "NONE" or "STANDARD" => null,
        var name => S3StorageClass.FindValue(name),
    };

    public static ServerSideEncryptionMethod? Encryption(S3Options options) => options switch
    {
        { Encrypt: false } => null,
        { KeyId.Length: > 0 } => ServerSideEncryptionMethod.AWSKMS,
        _ => ServerSideEncryptionMethod.AES256,
    };

    public static string? KeyId(S3Options options) => options is { Encrypt: true, KeyId.Length: > 0 } ? options.KeyId : null;
}
