using System.Data;
using System.Security.Cryptography;
using Berth.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>A pool of connections to one database. Npgsql's errors end here.</summary>
/// <remarks>
/// A change is one transaction that reads what is committed and locks the rows that its checks rely on. What fails only by an accident, such as
/// a deadlock or a lost connection, is tried again as a whole; so the delegates must do nothing but talk to the database.
/// </remarks>
internal sealed partial class PostgresDatabase(NpgsqlDataSource source, TimeProvider time, ILogger logger, bool isReadOnly) : IAsyncDisposable
{
    /// <summary>Together they wait for a second and a half at most.</summary>
    private const int Attempts = 7;

    /// <summary>Longer than a server lets a transaction sit idle (<see cref="PostgresConnections"/>): together they wait for 12 seconds or more.</summary>
    private const int Inquiries = 30;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(800);

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Runs one statement that reads, or several that need not see the same moment.</summary>
    public Task<T> ReadAsync<T>(Func<PostgresSession, Task<T>> query, CancellationToken cancellationToken) =>
        TryAgainAsync(
            async () =>
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return await query(new PostgresSession(connection, cancellationToken));
            },
            cancellationToken);

    /// <summary>Runs a change in a transaction and returns its result when it is durable.</summary>
    public Task<T> ChangeAsync<T>(Func<PostgresSession, Task<T>> change, CancellationToken cancellationToken)
    {
        ThrowIfReadOnly();
        return TryAgainAsync(() => ChangeOnceAsync(change, cancellationToken), cancellationToken);
    }

    /// <summary>Runs something in a transaction, once.</summary>
    /// <exception cref="StorageException">Whatever went wrong; after a lost connection it may have happened nevertheless.</exception>
    public async Task<T> RunOnceAsync<T>(Func<PostgresSession, Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            var result = await action(new PostgresSession(connection, cancellationToken));
            await CommitAsync(connection, transaction);
            return result;
        }
        catch (NpgsqlException error)
        {
            throw PostgresFault.Translate(error);
        }
    }

    /// <summary>A connection of one's own, for something that lasts longer than a transaction. The caller disposes it.</summary>
    /// <exception cref="StorageException">There is none to be had.</exception>
    public async Task<NpgsqlConnection> OpenForChangesAsync(CancellationToken cancellationToken)
    {
        ThrowIfReadOnly();
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw PostgresFault.Translate(error);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private void ThrowIfReadOnly()
    {
        if (isReadOnly)
        {
            throw new InvalidOperationException("The metadata database was opened for reading only.");
        }
    }

    private async Task<T> TryAgainAsync<T>(Func<Task<T>> once, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await once();
            }
            catch (NpgsqlException error) when (attempt < Attempts && PostgresFault.IsRetried(error))
            {
                Log.TriedAgain(logger, error.SqlState ?? "none", attempt);
            }
            catch (NpgsqlException error)
            {
                throw PostgresFault.Translate(error);
            }

            await WaitAsync(attempt, cancellationToken);
        }
    }

    private async Task<T> ChangeOnceAsync<T>(Func<PostgresSession, Task<T>> change, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var session = new PostgresSession(connection, cancellationToken);
        var result = await change(session);
        var mark = await PostgresTransactionMark.TakeAsync(session);
        try
        {
            await CommitAsync(connection, transaction);
        }
        catch (NpgsqlException error) when (mark is not null && PostgresFault.IsOutcomeUnknown(error))
        {
            Log.OutcomeUnknown(logger, mark.TransactionId);
            if (!await WasCommittedAsync(mark, error))
            {
                throw;
            }

            await WaitForStandbyAsync();
        }

        return result;
    }

    /// <exception cref="StorageException">It is committed, but a synchronous standby does not have it: a failover would lose it.</exception>
    private static async Task CommitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        string? warning = null;
        void Hear(object? sender, NpgsqlNoticeEventArgs told) => warning ??= told.Notice.InvariantSeverity == "WARNING" ? told.Notice.MessageText : null;

        connection.Notice += Hear;
        try
        {
            // A commit that was sent cannot be taken back. One that waits for a standby for too long is answered as any other, with a warning before.
            await transaction.CommitAsync(CancellationToken.None);
        }
        finally
        {
            connection.Notice -= Hear;
        }

        if (warning is not null)
        {
            throw new StorageException($"PostgreSQL committed, but said: {warning}", isTransient: true);
        }
    }

    /// <summary>Commits something that comes after what was found committed: when this one is where it must be, the other one is, too.</summary>
    private Task<int> WaitForStandbyAsync() =>
        RunOnceAsync(session => session.ExecuteAsync("SELECT pg_logical_emit_message(true, 'berth', '')"), CancellationToken.None);

    /// <exception cref="StorageException">Nobody can say.</exception>
    private async Task<bool> WasCommittedAsync(PostgresTransactionMark mark, NpgsqlException cause)
    {
        for (var attempt = 1; attempt <= Inquiries; attempt++)
        {
            switch (await FindOutcomeAsync(mark))
            {
                case PostgresTransactionOutcome.Committed:
                    return true;
                case PostgresTransactionOutcome.Aborted:
                    return false;
                case PostgresTransactionOutcome.Unknown:
                    throw Unknown(cause);
                default:
                    await WaitAsync(attempt, CancellationToken.None); // who cancels now must hear that it may have happened
                    break;
            }
        }

        throw Unknown(cause);
    }

    private async Task<PostgresTransactionOutcome> FindOutcomeAsync(PostgresTransactionMark mark)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
            return await mark.FindOutcomeAsync(new PostgresSession(connection, CancellationToken.None));
        }
        catch (NpgsqlException error) when (PostgresFault.IsRetried(error))
        {
            return PostgresTransactionOutcome.InProgress; // the server may come back
        }
        catch (NpgsqlException)
        {
            return PostgresTransactionOutcome.Unknown;
        }
    }

    private static StorageException Unknown(NpgsqlException cause) =>
        new("The connection to PostgreSQL was lost during a commit, and whether it happened cannot be found out.", isTransient: true, cause);

    /// <summary>Not at all the first time, then longer and longer, and never as long as others that were hit by the same accident.</summary>
    private Task WaitAsync(int attempt, CancellationToken cancellationToken)
    {
        if (attempt == 1)
        {
            return Task.CompletedTask;
        }

        var longest = Math.Min(ShortestWait.TotalMilliseconds * Math.Pow(2, attempt - 1), LongestWait.TotalMilliseconds);
        var milliseconds = RandomNumberGenerator.GetInt32((int)longest / 2, (int)longest + 1);
        return Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.TriedAgain, LogLevel.Warning, "PostgreSQL gave up an operation (code {Code}) at attempt {Attempt}; trying again")]
        public static partial void TriedAgain(ILogger logger, string code, int attempt);

        [LoggerMessage(EventIds.OutcomeUnknown, LogLevel.Warning, "The connection was lost while transaction {Transaction} was committed; asking what became of it")]
        public static partial void OutcomeUnknown(ILogger logger, string transaction);
    }
}
