using System.Net;
using System.Text.Json;

namespace Berth.Storage.Gcs;

/// <summary>Says what an operator can do. Texts of the service are not passed on: they hold names, and nobody promises what else.</summary>
internal static class GcsFault
{
    /// <summary>Whether this is one of the network or of the service, and not of this program.</summary>
    public static bool IsFault(Exception fault, CancellationToken cancellationToken) => fault switch
    {
        HttpRequestException or IOException or JsonException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested, // time was up
        _ => false,
    };

    /// <param name="purpose">What the request was for, to follow "failed to".</param>
    public static StorageException Translate(string purpose, Exception fault) => fault switch
    {
        OperationCanceledException => new($"The object store failed to {purpose}: it did not answer in time.", true),
        JsonException => new($"The object store failed to {purpose}: its answer made no sense.", true),
        _ => new($"The object store failed to {purpose}: the connection failed.", true),
    };

    /// <inheritdoc cref="Translate(string, Exception)"/>
    public static StorageException Translate(string purpose, GcsRefusal refusal) =>
        new($"The object store failed to {purpose}: {Reason(refusal)} ({(int)refusal.Status}).", refusal.IsPassing);

    private static string Reason(GcsRefusal refusal) => refusal switch
    {
        { IsOfBucket: true } => "there is no such bucket",
        { Status: HttpStatusCode.Unauthorized } => "the credentials are wrong, or the clock of this machine is",
        { Status: HttpStatusCode.Forbidden, Reason: "retentionPolicyNotMet" or "objectUnderActiveHold" } => "a policy of the bucket forbids to change or delete it",
        { Status: HttpStatusCode.Forbidden, Reason: "accountDisabled" or "userProjectAccountProblem" } => "the project is disabled, or its bills are not paid",
        { Status: HttpStatusCode.Forbidden, Reason: "rateLimitExceeded" or "userRateLimitExceeded" or "quotaExceeded" } => "the quota of the project is used up",
        { Status: HttpStatusCode.Forbidden } => "the credentials do not allow it",
        { Status: HttpStatusCode.PreconditionFailed } => "the object is not the one that was meant",
        { Status: HttpStatusCode.NotFound } => "it is not there",
        { Status: HttpStatusCode.TooManyRequests } => "it is asked too much",
        { Status: >= HttpStatusCode.InternalServerError } => "it has a fault of its own",
        _ => "it refused",
    };
}
