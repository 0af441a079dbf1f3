using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Berth.Storage.S3;

/// <summary>Multipart uploads of the bucket. Absence is a false or a null; faults are translated.</summary>
internal sealed class S3Multiparts(IAmazonS3 client, S3Options options)
{
    private const string NoSuchUpload = "NoSuchUpload";

    /// <summary>As <see cref="S3Bucket.KnowsConditions"/>.</summary>
    public bool KnowsConditions { get; set; } = true;

    /// <returns>The id of the upload.</returns>
    public async Task<string> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = options.Bucket,
            Key = name,
            ContentType = "application/octet-stream",
            CannedACL = S3Keeping.Acl(options),
            StorageClass = S3Keeping.StorageClass(options),
            ServerSideEncryptionMethod = S3Keeping.Encryption(options),
            ServerSideEncryptionKeyManagementServiceKeyId = S3Keeping.KeyId(options),
        };
        var answer = await S3Fault.TranslateAsync(
            "start a multipart upload", () => client.InitiateMultipartUploadAsync(request, cancellationToken), cancellationToken);
        return answer.UploadId;
    }

    public async Task<PartNote> UploadPartAsync(string name, string uploadId, int number, PartBuffer content, CancellationToken cancellationToken)
    {
        var request = new UploadPartRequest
        {
            BucketName = options.Bucket,
            Key = name,
            UploadId = uploadId,
            PartNumber = number,
            PartSize = content.Length,
            InputStream = new PartStream(content),
            DisablePayloadSigning = options.IsEncryptedOnTheWay,
            MD5Digest = options.Checksums ? null : Convert.ToBase64String(content.ComputeMd5()),
        };
        var answer = await S3Fault.TranslateAsync("write a part", () => client.UploadPartAsync(request, cancellationToken), cancellationToken);
        return new(content.Length, EntityTag.Bare(answer.ETag));
    }

    /// <summary>Puts the object together from exactly these parts.</summary>
    /// <returns>The entity tag that the store gave it, empty if it said none; null when there is no such upload (any more), or another object stands there.</returns>
    public Task<string?> CompleteAsync(string name, string uploadId, IReadOnlyList<PartNote> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = options.Bucket,
            Key = name,
            UploadId = uploadId,
            PartETags = [.. parts.Select((part, index) => new PartETag(index + 1, $"\"{part.ETag}\""))],
            IfNoneMatch = KnowsConditions ? "*" : null, // Amazon heeds it, Ceph does not: the caller has looked before
        };
        return S3Fault.TranslateAsync("put an object together", () => TryCompleteAsync(request, cancellationToken), cancellationToken);
    }

    /// <returns>False when there is no such upload.</returns>
    public Task<bool> AbortAsync(string name, string uploadId, CancellationToken cancellationToken) =>
        S3Fault.TranslateAsync(
            "abort a multipart upload",
            async () =>
            {
                try
                {
                    await client.AbortMultipartUploadAsync(options.Bucket, name, uploadId, cancellationToken);
                    return true;
                }
                catch (AmazonS3Exception fault) when (fault.ErrorCode == NoSuchUpload)
                {
                    return false;
                }
            },
            cancellationToken);

    /// <summary>All unfinished uploads of objects whose names begin so.</summary>
    public async IAsyncEnumerable<(string Name, string UploadId)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = prefix };
        ListMultipartUploadsResponse page;
        do
        {
            page = await S3Fault.TranslateAsync(
                "list multipart uploads", () => client.ListMultipartUploadsAsync(request, cancellationToken), cancellationToken);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                yield return (upload.Key, upload.UploadId);
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);
    }

    /// <summary>Bytes of all parts that an upload has; zero when it is gone.</summary>
    public async Task<long> MeasureAsync(string name, string uploadId, CancellationToken cancellationToken)
    {
        var request = new ListPartsRequest { BucketName = options.Bucket, Key = name, UploadId = uploadId };
        var size = 0L;
        ListPartsResponse? page;
        do
        {
            page = await S3Fault.TranslateAsync("list parts", () => TryListPartsAsync(request, cancellationToken), cancellationToken);
            size += page?.Parts?.Sum(part => part.Size ?? 0) ?? 0;
            request.PartNumberMarker = page?.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        while (page?.IsTruncated == true);

        return size;
    }

    private async Task<string?> TryCompleteAsync(CompleteMultipartUploadRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return EntityTag.Bare((await client.CompleteMultipartUploadAsync(request, cancellationToken)).ETag);
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.PreconditionFailed || fault.ErrorCode == NoSuchUpload)
        {
            return null;
        }
    }

    private async Task<ListPartsResponse?> TryListPartsAsync(ListPartsRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ListPartsAsync(request, cancellationToken);
        }
        catch (AmazonS3Exception fault) when (fault.ErrorCode == NoSuchUpload)
        {
            return null;
        }
    }
}
