using Berth.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Berth.Metadata.Sqlite;

/// <summary>A connection that keeps its prepared statements. One thread at a time may use it.</summary>
/// <remarks>The parameters of a statement are <c>?1</c>, <c>?2</c> and so on, in the order of the arguments.</remarks>
internal sealed class PreparedConnection : IDisposable
{
    /// <summary>How long a statement waits for a lock of another process.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private static readonly Version MinimumSqlite = new(3, 51, 3);

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private PreparedConnection(string path, SqliteOpenMode mode)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)BusyTimeout.TotalSeconds, // the driver tries a busy statement again until then
        }.ToString());
        try
        {
            _connection.Open();
            RequireVersion(_connection.ServerVersion);
            WaitWhenBusy(BusyTimeout);
            ExecuteScript("PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 0");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The texts of the statements that were prepared.</summary>
    public IReadOnlyCollection<string> Statements => _commands.Keys;

    /// <summary>Opens the connection that changes the database, which is created if need be.</summary>
    /// <remarks>It checkpoints only when told to: an automatic checkpoint would hide a failed fsync.</remarks>
    public static PreparedConnection OpenWriter(string path)
    {
        var connection = new PreparedConnection(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            if (connection.Find("PRAGMA journal_mode = WAL", row => row.GetString(0)) != "wal")
            {
                throw new StorageException("The file system cannot hold a database with a write-ahead log.", isTransient: false);
            }

            connection.ExecuteScript("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that cannot change the database.</summary>
    public static PreparedConnection OpenReader(string path)
    {
        var connection = new PreparedConnection(path, SqliteOpenMode.ReadOnly);
        try
        {
            connection.ExecuteScript("PRAGMA query_only = ON");
            connection.LeaveLogOnClose();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="StorageException">Versions before 3.51.3 can corrupt a database whose log is reset while it is written.</exception>
    public static void RequireVersion(string version)
    {
        if (Version.Parse(version) < MinimumSqlite)
        {
            throw new StorageException($"SQLite {version} is too old: {MinimumSqlite} is needed.", isTransient: false);
        }
    }

    /// <summary>Executes a statement.</summary>
    /// <returns>The number of rows it changed.</returns>
    public int Execute(string statement, params ReadOnlySpan<object?> arguments) => Prepare(statement, arguments).ExecuteNonQuery();

    /// <summary>Executes statements that are not needed again.</summary>
    public void ExecuteScript(string script)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    /// <summary>Reads the first row; the default of the type when there is none.</summary>
    public T? Find<T>(string query, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> arguments)
    {
        using var row = Prepare(query, arguments).ExecuteReader();
        return row.Read() ? read(row) : default;
    }

    /// <summary>Reads all rows.</summary>
    public List<T> List<T>(string query, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> arguments) =>
        ListWhile(query, read, _ => true, arguments);

    /// <summary>Reads rows up to and including the first one after which there are to be no more.</summary>
    public List<T> ListWhile<T>(
        string query, Func<SqliteDataReader, T> read, Func<SqliteDataReader, bool> goesOn, params ReadOnlySpan<object?> arguments)
    {
        var rows = new List<T>();
        using var row = Prepare(query, arguments).ExecuteReader();
        while (row.Read())
        {
            rows.Add(read(row));
            if (!goesOn(row))
            {
                break;
            }
        }

        return rows;
    }

    /// <summary>Reads rows as they are asked for. The rest of the connection must not be used for the same query meanwhile.</summary>
    public IEnumerable<T> Stream<T>(string query, Func<SqliteDataReader, T> read)
    {
        using var row = Prepare(query, []).ExecuteReader();
        while (row.Read())
        {
            yield return read(row);
        }
    }

    /// <summary>Ends the transaction, if there is one.</summary>
    /// <returns>False when even that fails.</returns>
    public bool TryRollback()
    {
        try
        {
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                Execute("ROLLBACK");
            }

            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    public void WaitWhenBusy(TimeSpan timeout) => raw.sqlite3_busy_timeout(_connection.Handle, (int)timeout.TotalMilliseconds);

    /// <summary>Makes the running statement fail with SQLITE_INTERRUPT. Any thread may call this.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_connection.Handle);

    /// <summary>Keeps the close of the last connection from moving the log into the database file.</summary>
    public void LeaveLogOnClose() => raw.sqlite3_db_config(_connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Prepare(string statement, ReadOnlySpan<object?> arguments)
    {
        if (!_commands.TryGetValue(statement, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = statement;
            for (var index = 1; index <= arguments.Length; index++)
            {
                command.Parameters.Add(new SqliteParameter($"?{index}", null));
            }

            _commands.Add(statement, command);
        }

        for (var index = 0; index < arguments.Length; index++)
        {
            command.Parameters[index].Value = arguments[index] ?? DBNull.Value;
        }

        return command;
    }
}
