using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Berth.Storage.S3;

/// <summary>Turns what the SDK throws into a <see cref="StorageException"/> that says what an operator can do.</summary>
/// <remarks>The SDK's own exceptions are not kept as the cause: their texts may hold addresses with signatures. Those of the network are.</remarks>
internal static class S3Fault
{
    /// <summary>Codes of the store that pass, whatever their status is.</summary>
    private static readonly string[] Passing =
        ["SlowDown", "RequestTimeout", "ConditionalRequestConflict", "OperationAborted", "InternalError", "ServiceUnavailable", "Throttling", "QuotaExceeded"];

    /// <summary>Runs one call.</summary>
    /// <param name="purpose">What it is for, to follow "failed to".</param>
    /// <exception cref="StorageException">It failed for good, or for now.</exception>
    public static async Task<T> TranslateAsync<T>(string purpose, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (IsFault(fault, cancellationToken))
        {
            throw Translate(purpose, fault);
        }
    }

    public static bool IsFault(Exception fault, CancellationToken cancellationToken) =>
        fault is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or SocketException or TimeoutException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested); // the SDK's way to say that time was up

    public static StorageException Translate(string purpose, Exception fault) => fault switch
    {
        AmazonServiceException answer when (int)answer.StatusCode > 0 => new(
            $"The object store failed to {purpose}: {Reason(answer)} ({(int)answer.StatusCode} {answer.ErrorCode}, request {answer.RequestId ?? "unknown"}).",
            IsPassing(answer)),
        AmazonClientException => new(
            $"The object store was not asked to {purpose}: there are no usable credentials. Set accesskey and secretkey, or give the process a role.", false),
        OperationCanceledException or TimeoutException => new($"The object store failed to {purpose}: it did not answer in time.", true, fault),
        AmazonServiceException => new($"The object store failed to {purpose}: its answer made no sense.", true),
        _ => new($"The object store failed to {purpose}: the connection failed.", true, fault),
    };

    private static bool IsPassing(AmazonServiceException fault) =>
        ((int)fault.StatusCode >= 500 && fault.StatusCode != HttpStatusCode.NotImplemented)
        || fault.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        || (int)fault.StatusCode is >= 200 and < 300 // an answer that broke off, or held an error in spite of its status
        || Passing.Contains(fault.ErrorCode, StringComparer.Ordinal);

    private static string Reason(AmazonServiceException fault) => fault.ErrorCode switch
    {
        "NoSuchBucket" => "there is no such bucket",
        "InvalidAccessKeyId" => "it does not know the access key",
        "SignatureDoesNotMatch" => "the secret key is not the one that belongs to the access key",
        "ExpiredToken" or "InvalidToken" => "the session's credentials are over",
        "RequestTimeTooSkewed" => "the clock of this machine is wrong",
        "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" => "the bucket is in another region than the one configured",
        "QuotaExceeded" => "the quota is used up",
        "InvalidPart" or "InvalidPartOrder" => "another writer has replaced a part of the object",
        "EntityTooSmall" => "a part is smaller than the store allows",
        "BadDigest" or "InvalidDigest" or "XAmzContentSHA256Mismatch" => "the bytes did not arrive as they were sent",
        "SlowDown" or "Throttling" or "ServiceUnavailable" => "it is too busy",
        "NotImplemented" => "it does not know this request",
        _ when fault.StatusCode == HttpStatusCode.Forbidden => "the credentials do not allow it",
        _ when fault.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => "the bucket is in another region than the one configured",
        _ when fault.StatusCode == HttpStatusCode.PreconditionFailed => "the object is not the one that was meant",
        _ when fault.StatusCode == HttpStatusCode.NotFound => "it is not there",
        _ when (int)fault.StatusCode >= 500 => "it has a fault of its own",
        _ => "it refused",
    };
}
