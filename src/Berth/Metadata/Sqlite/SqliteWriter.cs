using System.Collections.Concurrent;
using Berth.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Berth.Metadata.Sqlite;

/// <summary>The one connection that changes the database, and the thread that owns it.</summary>
/// <remarks>
/// Changes wait in a queue. The thread runs what it finds there in one transaction, each change inside its own savepoint, and commits once,
/// so that they share the cost of the fsync (group commit). Callers hear of their change only after that commit.
/// </remarks>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    private const int QueueLength = 1024;
    private const int MaxBatch = 256;

    /// <summary>As SQLite's own automatic checkpoint, 4 MB with pages of 4 KiB.</summary>
    private const int CheckpointPages = 1000;

    private const int RestartPages = 10 * CheckpointPages;

    private readonly PreparedConnection _connection;
    private readonly SqliteMemory _memory;
    private readonly ILogger _logger;
    private readonly BlockingCollection<SqliteChange> _queue = [];
    private readonly SemaphoreSlim _room = new(QueueLength);
    private readonly TaskCompletionSource<StorageException> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _restartAt = RestartPages;

    /// <param name="connection">Owned from now on.</param>
    public SqliteWriter(PreparedConnection connection, SqliteMemory memory, ILogger logger)
    {
        (_connection, _memory, _logger) = (connection, memory, logger);
        new Thread(Run) { IsBackground = true, Name = "SQLite writer" }.Start();
    }

    /// <summary>Ends when a fault makes every further change impossible.</summary>
    public Task<StorageException> Broken => _broken.Task;

    /// <summary>Runs a change and returns when it is durable. Cancelling works until the change starts.</summary>
    public async Task RunAsync(Action<PreparedConnection> apply, CancellationToken cancellationToken, Touch touch = default)
    {
        await _room.WaitAsync(cancellationToken);
        var change = new SqliteChange(apply, touch);
        try
        {
            _queue.Add(change, CancellationToken.None);
        }
        catch (InvalidOperationException closed)
        {
            _room.Release(); // for the next one that waits, who has to hear it too
            throw new ObjectDisposedException("The metadata database is closed.", closed);
        }

        await using var registration = cancellationToken.UnsafeRegister(
            static (change, token) => ((SqliteChange)change!).Cancel(token), change);
        await change.Outcome;
    }

    /// <summary>Lets the queue run empty, moves the log into the database file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await _closed.Task;
    }

    private void Run()
    {
        var batch = new List<SqliteChange>(MaxBatch);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < MaxBatch && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            _room.Release(batch.Count);
            Commit(batch);
            batch.ForEach(change => change.Complete());
            batch.Clear();
            Checkpoint(isLast: false);
        }

        Checkpoint(isLast: true);
        _connection.Dispose();
        _closed.SetResult();
    }

    private void Commit(List<SqliteChange> batch)
    {
        if (_broken.Task.IsCompleted)
        {
            batch.ForEach(change => change.Fail(new StorageException(
                "The metadata database takes no changes after a fault: restart.", isTransient: false, _broken.Task.Result)));
            return;
        }

        var isCommit = false;
        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            batch.ForEach(Apply);
            isCommit = true;
            batch.ForEach(change => _memory.Close(change.Touch));
            _connection.Execute("COMMIT");
        }
        catch (SqliteException error)
        {
            batch.ForEach(change => change.Fail(SqliteFault.Translate(error)));
            if (!_connection.TryRollback() || SqliteFault.IsFinal(error, isCommit))
            {
                Break(error);
            }
        }
        finally
        {
            batch.ForEach(change => _memory.Open(change.Touch));
        }
    }

    private void Apply(SqliteChange change)
    {
        if (!change.TryStart())
        {
            return;
        }

        _connection.Execute("SAVEPOINT change");
        try
        {
            change.Apply(_connection);
        }
        catch (SqliteException error) when (SqliteFault.IsMisuse(error))
        {
            _connection.Execute("ROLLBACK TO change");
            change.Fail(new InvalidOperationException("The change does not fit the metadata database.", error));
        }
        catch (Exception error) when (error is not SqliteException) // belongs to the change's caller, not to this thread
        {
            _connection.Execute("ROLLBACK TO change");
            change.Fail(error);
        }

        _connection.Execute("RELEASE change");
    }

    /// <summary>Moves the log into the database file when it has grown. No caller waits for this.</summary>
    private void Checkpoint(bool isLast)
    {
        if (_broken.Task.IsCompleted)
        {
            return;
        }

        try
        {
            var (logged, moved) = _connection.Find("PRAGMA wal_checkpoint(NOOP)", row => (row.GetInt64(1), row.GetInt64(2)));
            if (isLast)
            {
                _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            else if (logged >= _restartAt)
            {
                _restartAt = RestartPages + (Restart() ? 0 : logged);
            }
            else if (logged - moved >= CheckpointPages)
            {
                _connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
        }
        catch (SqliteException error) when (SqliteFault.IsFinal(error, isCommit: true))
        {
            Break(error);
        }
        catch (SqliteException error)
        {
            Log.CheckpointFailed(_logger, error); // the log goes on growing; the next batch tries again
        }
    }

    /// <summary>Starts the log anew. Without this, readers that never pause would let it grow for ever.</summary>
    /// <returns>False when a reader took too long, such as a check of the whole database.</returns>
    private bool Restart()
    {
        _connection.WaitWhenBusy(TimeSpan.FromMilliseconds(200));
        var isBusy = _connection.Find("PRAGMA wal_checkpoint(RESTART)", row => row.GetBoolean(0));
        _connection.WaitWhenBusy(PreparedConnection.BusyTimeout);
        return !isBusy;
    }

    private void Break(SqliteException error)
    {
        Log.Broken(_logger, error);
        _connection.LeaveLogOnClose();
        _broken.TrySetResult(SqliteFault.Translate(error));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.DatabaseBroken, LogLevel.Critical, "The metadata database can take no changes any more; restart after looking at the disk")]
        public static partial void Broken(ILogger logger, Exception error);

        [LoggerMessage(EventIds.CheckpointFailed, LogLevel.Warning, "The log of the metadata database could not be moved into the database file")]
        public static partial void CheckpointFailed(ILogger logger, Exception error);
    }
}
