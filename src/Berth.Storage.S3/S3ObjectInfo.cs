namespace Berth.Storage.S3;

/// <summary>What the store says of an object. The entity tag is without quotes, which Ceph takes for a part of it in conditions.</summary>
internal sealed record S3ObjectInfo(long Size, string ETag, DateTimeOffset? LastModified);
