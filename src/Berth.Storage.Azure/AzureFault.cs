using System.Net.Sockets;
using System.Xml;
using Azure;
using Azure.Identity;

namespace Berth.Storage.Azure;

/// <summary>Turns what the SDK throws into a <see cref="StorageException"/> that says what an operator can do.</summary>
/// <remarks>The SDK's own exceptions are not kept as the cause: their texts may hold addresses and what the service knows of the credentials.</remarks>
internal static class AzureFault
{
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

    public static bool IsFault(Exception fault, CancellationToken cancellationToken) => fault switch
    {
        RequestFailedException or AuthenticationFailedException or HttpRequestException or IOException or SocketException or TimeoutException or XmlException => true,
        AggregateException tries => tries.InnerExceptions.All(inner => IsFault(inner, cancellationToken)), // one for each try
        OperationCanceledException => !cancellationToken.IsCancellationRequested, // the SDK's way to say that time was up
        _ => false,
    };

    public static StorageException Translate(string purpose, Exception fault) => fault switch
    {
        AggregateException { InnerExceptions: [.., var last] } => Translate(purpose, last),
        RequestFailedException { Status: > 0 } answer => new(
            $"The object store failed to {purpose}: {Reason(answer)} ({answer.Status} {answer.ErrorCode}).", IsPassing(answer)),
        AuthenticationFailedException => new(
            $"The object store was not asked to {purpose}: no token could be had with the configured credentials.", true),
        OperationCanceledException or TimeoutException => new($"The object store failed to {purpose}: it did not answer in time.", true),
        XmlException => new($"The object store failed to {purpose}: its answer made no sense.", true),
        _ => new($"The object store failed to {purpose}: the connection failed.", true),
    };

    private static bool IsPassing(RequestFailedException fault) =>
        fault.Status is 408 or 429 || (fault.Status >= 500 && fault.Status != 501) || fault.Status is >= 200 and < 300;

    private static string Reason(RequestFailedException fault) => fault.ErrorCode switch
    {
        "ContainerNotFound" => "there is no such container",
        "ContainerBeingDeleted" => "the container is being deleted",
        "AccountIsDisabled" => "the storage account is disabled",
        "AuthenticationFailed" or "InvalidAuthenticationInfo" => "the account's key or token is wrong, or the clock of this machine is",
        "AuthorizationFailure" => "the credentials or the network rules of the account do not allow it",
        "KeyBasedAuthenticationNotPermitted" => "the storage account accepts no keys; use other credentials",
        "InvalidBlockList" => "blocks of the object are gone",
        "BlockCountExceedsLimit" => "the object has too many blocks",
        "Md5Mismatch" => "the bytes did not arrive as they were sent",
        "BlobImmutableDueToPolicy" => "a policy forbids to change or delete it",
        "ServerBusy" => "it is too busy",
        _ when fault.Status is 401 or 403 => "the credentials do not allow it",
        _ when fault.Status == 412 => "the object is not the one that was meant",
        _ when fault.Status == 404 => "it is not there",
        _ when fault.Status >= 500 => "it has a fault of its own",
        _ => "it refused",
    };
}
