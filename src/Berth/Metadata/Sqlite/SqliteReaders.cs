using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Berth.Metadata.Sqlite;

/// <summary>The connections that read. A read runs on its caller's thread: it takes microseconds, less than to hand it over.</summary>
internal sealed class SqliteReaders : IAsyncDisposable
{
    /// <summary>More than there are cores, since a read may have to wait for the disk; each holds up to 2 MB of pages.</summary>
    public static readonly int Count = Math.Clamp(2 * Environment.ProcessorCount, 4, 32);

    private readonly Channel<PreparedConnection> _idle = Channel.CreateBounded<PreparedConnection>(Count);

    public SqliteReaders(string path)
    {
        try
        {
            for (var index = 0; index < Count; index++)
            {
                _idle.Writer.TryWrite(PreparedConnection.OpenReader(path));
            }
        }
        catch
        {
            while (_idle.Reader.TryRead(out var opened))
            {
                opened.Dispose();
            }

            throw;
        }
    }

    /// <summary>Runs a query, and waits first when all connections are in use.</summary>
    public async Task<T> RunAsync<T>(Func<PreparedConnection, T> query, CancellationToken cancellationToken)
    {
        var connection = await _idle.Reader.ReadAsync(cancellationToken);
        try
        {
            return query(connection);
        }
        catch (SqliteException error)
        {
            throw SqliteFault.Translate(error);
        }
        finally
        {
            _idle.Writer.TryWrite(connection);
        }
    }

    /// <summary>Closes all connections, after the reads that use them.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var index = 0; index < Count; index++)
        {
            (await _idle.Reader.ReadAsync()).Dispose();
        }

        _idle.Writer.Complete();
    }
}
