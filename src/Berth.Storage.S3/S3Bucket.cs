using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Berth.Storage.S3;

/// <summary>Whole objects of the bucket. Absence is a null; faults are translated.</summary>
internal sealed class S3Bucket(IAmazonS3 client, S3Options options)
{
    private const string MediaType = "application/octet-stream";
    private const int MostConflicts = 3;

    /// <summary>Whether the server can be told to write only what does not exist yet. The start finds out.</summary>
    public bool KnowsConditions { get; set; } = true;

    public Task<S3ObjectInfo?> HeadAsync(string name, CancellationToken cancellationToken) =>
        S3Fault.TranslateAsync("look for an object", () => TryHeadAsync(name, cancellationToken), cancellationToken);

    /// <summary>Writes an object.</summary>
    /// <param name="isNew">Whether it must not exist yet.</param>
    /// <param name="isKept">Whether it is to have the class, list and encryption that the options say; tails are gone soon.</param>
    /// <returns>Its entity tag; null when it exists and must not.</returns>
    public Task<string?> PutAsync(string name, PartBuffer content, bool isNew, bool isKept, CancellationToken cancellationToken) =>
        S3Fault.TranslateAsync("write an object", () => TryPutAsync(name, content, isNew, isKept, cancellationToken), cancellationToken);

    /// <summary>Starts to read. The caller disposes the answer.</summary>
    /// <returns>Null when there is no object.</returns>
    /// <exception cref="StorageException">Also when the object has another entity tag.</exception>
    public Task<GetObjectResponse?> GetAsync(string name, string etag, long from, long to, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = options.Bucket, Key = name, EtagToMatch = etag.Length > 0 ? etag : null };
        if (from > 0)
        {
            request.ByteRange = new ByteRange(from, to);
        }

        return S3Fault.TranslateAsync("read an object", () => TryGetAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>Succeeds when there is nothing, too.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        S3Fault.TranslateAsync("delete an object", () => client.DeleteObjectAsync(options.Bucket, name, cancellationToken), cancellationToken);

    /// <summary>Names and sizes of all objects whose names begin so, in the order of their names.</summary>
    public async IAsyncEnumerable<(string Name, long Size)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await S3Fault.TranslateAsync("list objects", () => client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (var item in page.S3Objects ?? [])
            {
                yield return (item.Key, item.Size ?? 0);
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    private async Task<S3ObjectInfo?> TryHeadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.GetObjectMetadataAsync(options.Bucket, name, cancellationToken);
            return new(answer.ContentLength, EntityTag.Bare(answer.ETag), answer.LastModified);
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<string?> TryPutAsync(string name, PartBuffer content, bool isNew, bool isKept, CancellationToken cancellationToken)
    {
        if (isNew && !KnowsConditions && await TryHeadAsync(name, cancellationToken) is not null)
        {
            return null;
        }

        var request = new PutObjectRequest
        {
            BucketName = options.Bucket,
            Key = name,
            ContentType = MediaType,
            DisablePayloadSigning = options.IsEncryptedOnTheWay,
            IfNoneMatch = isNew && KnowsConditions ? "*" : null,
            MD5Digest = options.Checksums ? null : Convert.ToBase64String(content.ComputeMd5()),
        };
        if (isKept)
        {
            request.CannedACL = S3Keeping.Acl(options);
            request.StorageClass = S3Keeping.StorageClass(options);
            request.ServerSideEncryptionMethod = S3Keeping.Encryption(options);
            request.ServerSideEncryptionKeyManagementServiceKeyId = S3Keeping.KeyId(options);
        }

        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                request.InputStream = new PartStream(content);
                return EntityTag.Bare((await client.PutObjectAsync(request, cancellationToken)).ETag);
            }
            catch (AmazonS3Exception fault) when (isNew && fault.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return null;
            }
            catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.Conflict && conflicts < MostConflicts)
            {
                // Another request for this name was under way; the next try finds out how it ended.
            }
        }
    }

    private async Task<GetObjectResponse?> TryGetAsync(GetObjectRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetObjectAsync(request, cancellationToken);
        }
        catch (AmazonS3Exception fault) when (fault.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }
}
