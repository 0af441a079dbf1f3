using Berth.Storage;
using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>What an error of PostgreSQL, or of the way to it, means for the store.</summary>
/// <remarks>The codes: PostgreSQL's documentation, appendix A.</remarks>
internal static class PostgresFault
{
    /// <summary>Whether the whole transaction may succeed when it is tried again at once.</summary>
    public static bool IsRetried(NpgsqlException error) => error is PostgresException answer
        ? answer.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected || IsConnectionEnd(answer)
        : error is { IsTransient: true, InnerException: not TimeoutException } || IsNoHost(error);

    /// <summary>Whether a COMMIT that ended so may have been carried out.</summary>
    /// <remarks>A server that is told to stop while it waits for a standby has committed already; only a plain error means that it has not.</remarks>
    public static bool IsOutcomeUnknown(NpgsqlException error) => error is not PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>What the caller is told: a fault, or that the statement was wrong.</summary>
    public static Exception Translate(NpgsqlException error) => error switch
    {
        PostgresException answer when IsMisuse(answer) => new InvalidOperationException("The change does not fit the metadata database.", error),
        PostgresException answer => new StorageException(
            $"PostgreSQL failed with code {answer.SqlState}: {answer.MessageText}", IsTransient(answer), error),
        _ => new StorageException($"PostgreSQL cannot be reached: {error.Message}", isTransient: true, error),
    };

    private static bool IsMisuse(PostgresException error) =>
        error.SqlState[..2] is "0A" or "21" or "22" or "23" or "42" or "54" && error.SqlState != PostgresErrorCodes.InsufficientPrivilege;

    private static bool IsTransient(PostgresException error) =>
        IsRetried(error)
        || error.SqlState[..2] is "25" or "40" or "53" or "55" or "57" // the server is read only or shuts down, is full, a lock takes too long
        || error.SqlState == PostgresErrorCodes.IoError;

    /// <summary>Of several hosts none is the primary at the moment, while a standby is promoted. A host that is too busy is another matter.</summary>
    private static bool IsNoHost(NpgsqlException error) =>
        error.InnerException is null
        || (error.InnerException is AggregateException hosts
            && hosts.InnerExceptions.All(host => host is not (TimeoutException or NpgsqlException { InnerException: TimeoutException })));

    private static bool IsConnectionEnd(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        || error.SqlState.StartsWith("08", StringComparison.Ordinal);
}
