using Berth.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Berth.Metadata.Sqlite;

/// <summary>One database file: many readers and at most one writer. SQLite's errors end here.</summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter? _writer;
    private int _disposed;

    private SqliteDatabase(string path, TimeProvider time, SqliteReaders readers, SqliteWriter? writer, SqliteMemory memory) =>
        (_path, _time, _readers, _writer, Memory) = (path, time, readers, writer, memory);

    /// <summary>Ends when a fault makes every further change impossible.</summary>
    public Task<StorageException> Broken { get => _writer?.Broken ?? field; } = new TaskCompletionSource<StorageException>().Task;

    /// <summary>Tells which rows that were read before are still true.</summary>
    public SqliteMemory Memory { get; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public static SqliteDatabase Open(string path, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        PreparedConnection? connection = null;
        try
        {
            connection = PreparedConnection.OpenWriter(path);
            SqliteSchema.Migrate(connection, SqliteMigrations.All, logger, cancellationToken);
            var memory = new SqliteMemory(isWriterHere: true);
            return new SqliteDatabase(path, time, new SqliteReaders(path), new SqliteWriter(connection, memory, logger), memory);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            throw error is SqliteException fault ? SqliteFault.Translate(fault) : error;
        }
    }

    public static SqliteDatabase OpenReadOnly(string path, TimeProvider time)
    {
        try
        {
            using var connection = PreparedConnection.OpenReader(path);
            SqliteSchema.RequireCurrent(connection, SqliteMigrations.All);
            return new SqliteDatabase(path, time, new SqliteReaders(path), writer: null, new SqliteMemory(isWriterHere: false));
        }
        catch (SqliteException error)
        {
            throw SqliteFault.Translate(error);
        }
    }

    /// <summary>Opens a further connection for reading, for work that takes long. The caller disposes it.</summary>
    public PreparedConnection OpenReader() => PreparedConnection.OpenReader(_path);

    public Task<T> ReadAsync<T>(Func<PreparedConnection, T> query, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, typeof(SqliteMetadataStore));
        return _readers.RunAsync(query, cancellationToken);
    }

    /// <summary>Runs a change in a transaction and returns its result when it is durable.</summary>
    /// <param name="touch">Of which repositories it may alter manifests, tags, or links to blobs.</param>
    public async Task<T> ChangeAsync<T>(Touch touch, Func<PreparedConnection, T> change, CancellationToken cancellationToken)
    {
        var writer = _writer ?? throw new InvalidOperationException("The metadata database was opened for reading only.");
        var result = default(T)!;
        await writer.RunAsync(connection => result = change(connection), cancellationToken, touch);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _readers.DisposeAsync(); // the writer's close can empty the log only when nobody reads it
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }
}
