using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>A term: the connection that has the lock. When it is lost the term is over, whether the node knows it or not.</summary>
internal sealed class PostgresLeadershipTerm : ILeadershipTerm
{
    private readonly NpgsqlConnection _connection;
    private readonly string _lock;

    private PostgresLeadershipTerm(NpgsqlConnection connection, string name, long epoch) => (_connection, _lock, Epoch) = (connection, name, epoch);

    public long Epoch { get; }

    /// <param name="connection">Owned by the term from now on, if one begins.</param>
    /// <param name="name">The lock's name.</param>
    public static async Task<PostgresLeadershipTerm?> TryBeginAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        try
        {
            var session = new PostgresSession(connection, cancellationToken);
            if (!await session.FindAsync("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", row => row.GetBoolean(0), name))
            {
                return null;
            }

            try
            {
                var epoch = await session.FindAsync("UPDATE leadership SET epoch = epoch + 1 RETURNING epoch", row => row.GetInt64(0));
                return new PostgresLeadershipTerm(connection, name, epoch);
            }
            catch
            {
                await UnlockAsync(connection, name);
                throw;
            }
        }
        catch (NpgsqlException error)
        {
            throw PostgresFault.Translate(error);
        }
    }

    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new PostgresSession(_connection, cancellationToken)
                .FindAsync("SELECT epoch FROM leadership", row => row.GetInt64(0)) == Epoch;
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException) // also what a connection that was lost before says
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await UnlockAsync(_connection, _lock);
        await _connection.DisposeAsync();
    }

    /// <summary>The pool keeps the connection, and with it a lock that nobody gives back.</summary>
    private static async Task UnlockAsync(NpgsqlConnection connection, string name)
    {
        try
        {
            await new PostgresSession(connection, CancellationToken.None)
                .ExecuteAsync("SELECT pg_advisory_unlock(hashtextextended($1, 0))", name);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            NpgsqlConnection.ClearPool(connection); // a connection that cannot say so is not used again
        }
    }
}
